// Preload of mocha, with and without the proxy: a busy machine is not a difference.

'use strict';

const TIMEOUT_MS = 5000;
const RETRIES = 5;

// These compare durations of some 20 ms with each other, so that any one run may fail.
const MEASURE_TIME = new Set([
    'RPCClient #close should wait for all inbound calls to settle when {awaitPending: true}',
    'RPCClient #call should not timeout after call callTimeoutMs option override',
    'RPCClient #_onMessage should tolerate bad messages within the configured limits',
    'RPCClient #_keepAlive should ping at the chosen interval',
    'RPCClient #_keepAlive should not auto-ping server if other activity received with option deferPingsOnActivity',
    'RPCClient #_keepAlive should auto-ping server even if other activity received without option deferPingsOnActivity',
    'RPCClient #_keepAlive should auto-ping server even if ping received without option deferPingsOnActivity',
    'RPCClient #reconfigure should be able to adjust backoff configuration',
    'RPCClient #reconfigure should be able to adjust ping interval',
    'RPCServer #listen should automatically ping clients',
]);

exports.mochaHooks = {
    beforeEach() {
        this.currentTest.timeout(TIMEOUT_MS);
        if (MEASURE_TIME.has(this.currentTest.fullTitle())) {
            this.currentTest.retries(RETRIES);
        }
    },
};
