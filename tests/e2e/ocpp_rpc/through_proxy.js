// Preload of mocha: every client connection of the suite goes through a proxy.
//
// The suite makes a server per test and dials it with `ws`. Here `ws` dials a proxy instead, after
// that proxy was told that this server is its CSMS. The suite's own files stay as they are.
//
//   OYE_PROXIES        http://host:port of each proxy, with commas; one per server that a test runs
//   OYE_AUTHORIZATION  what their API wants in the header of that name

'use strict';

const { MessageChannel, Worker, receiveMessageOnPort } = require('node:worker_threads');

const ws = require.resolve('ws', { paths: [process.cwd()] });
const WebSocket = require(ws);

// The proxy that was given a new server last stands last.
const proxies = process.env.OYE_PROXIES.split(',').map((url) => ({ url: new URL(url) }));

// A client dials in its constructor, which cannot wait: another thread asks while this one sleeps.
const told = new Int32Array(new SharedArrayBuffer(4));
const { port1: here, port2: there } = new MessageChannel();

function tell({ told, there, authorization }) {
    there.on('message', async ({ url, config }) => {
        const headers = { authorization, 'content-type': 'application/json' };
        const refusal = await fetch(url, { method: 'POST', headers, body: JSON.stringify(config) })
            .then(async (answer) => (answer.ok ? null : answer.text()))
            .catch(String);
        there.postMessage(refusal);
        Atomics.store(told, 0, 1);
        Atomics.notify(told, 0);
    });
}

new Worker(`(${tell})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData: { told, there, authorization: process.env.OYE_AUTHORIZATION },
    transferList: [there],
}).unref();

/** Return a proxy whose CSMS is `csms`, the address of a server at `host`. */
function proxyTo(host, csms) {
    let proxy = proxies.find((one) => one.host === host);
    if (proxy?.csms === csms) {
        return proxy;
    }
    if (proxy === undefined) {
        proxies.push((proxy = proxies.shift()));
    }
    Atomics.store(told, 0, 0);
    here.postMessage({
        url: new URL('/api/config', proxy.url).href,
        config: { targetCsmsUrl: csms, csmsForwardingEnabled: true },
    });
    Atomics.wait(told, 0, 0);
    const { message: refusal } = receiveMessageOnPort(here);
    if (refusal !== null) {
        throw new Error(`the proxy takes no ${csms}: ${refusal}`);
    }
    return Object.assign(proxy, { host, csms });
}

class ThroughProxy extends WebSocket {
    constructor(address, protocols, options) {
        const { host, pathname, search } = new URL(address);
        const end = pathname.lastIndexOf('/') + 1;
        const { url } = proxyTo(host, `ws://${host}${pathname.slice(0, end)}{id}`);
        super(`ws://${url.host}/ocpp/${pathname.slice(end)}${search}`, protocols, options);
    }
}

require.cache[ws].exports = ThroughProxy;
