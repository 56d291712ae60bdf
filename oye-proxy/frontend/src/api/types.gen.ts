// Made by scripts/sync from the models of oye_proxy.api: change those, not this file.

/**
 * One action of an OCPP version.
 *
 * `request` and `response` name its schemas; one without `response` is sent without an answer.
 * `toCharger`: a CSMS may send it; `fromCharger`: a charger may. `destructive`: it interrupts, or
 * takes something away, so that a person should be asked before; `lockout`: it can lock the owner
 * out, and is sent with `confirm` only.
 */
export interface ActionSchemas {
  readonly action: string;
  readonly request: string;
  readonly response: string | null;
  readonly toCharger: boolean;
  readonly fromCharger: boolean;
  readonly destructive: boolean;
  readonly lockout: boolean;
}

/** Whether the operator or the owner lets a connector be used. */
export type Availability = "inoperative" | "operative";

/** Take a connector, or without one the whole charger, out of service or back into it. */
export interface AvailabilityRequest {
  /** Whether transactions shall be possible. */
  readonly operative: boolean;
  /** The connector (2.x: EVSE); 0 is the charger. */
  readonly connectorId?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** The CSMS's last answer to a BootNotification. */
export type BootState = "accepted" | "pending" | "rejected" | "unknown";

/** End a reservation: the one named, that of the connector, or the only one that is known. */
export interface CancelReservationRequest {
  readonly reservationId?: number | null;
  /** The connector (2.x: EVSE); 0 is the charger. */
  readonly connectorId?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/**
 * One certificate in use; `purpose` is `main` (trusted names) or `lan` (addresses, `.local`).
 *
 * `trouble` says why it is not the one that the owner meant, or what is wrong with it.
 */
export interface CertificateStatus {
  readonly purpose: string;
  readonly names: readonly string[];
  readonly selfSigned: boolean;
  readonly fingerprint: string;
  readonly validUntil: string;
  readonly trouble: string | null;
}

/** How many chargers are known and connected, and how many of these have their CSMS. */
export interface ChargerCount {
  readonly known: number;
  readonly connected: number;
  readonly csmsConnected: number;
}

/** One charger, whole; at most one a second for each charger. */
export interface ChargerMessage {
  readonly type: "charger";
  readonly seq: number;
  readonly charger: ChargerState;
}

/**
 * What the owner changes about a charger; what is absent stays.
 *
 * `pauseStrategy`: a pause sets a limit of 0 A (`limit_zero`), or ends the transaction
 * (`remote_stop`), for chargers that would end it at 0 A anyway. `ownerStatus`: `inactive` ends
 * the charger's connection and refuses the next ones; `maintenance` lets its frames pass, hides
 * its issues and charges nothing automatically.
 */
export interface ChargerPatch {
  readonly name?: string;
  readonly mode?: Mode;
  readonly approved?: boolean;
  readonly ownerStatus?: OwnerStatus;
  readonly pauseStrategy?: PauseStrategy;
}

/** A charger was deleted. */
export interface ChargerRemovedMessage {
  readonly type: "charger_removed";
  readonly seq: number;
  readonly chargePointId: string;
}

/**
 * One charger as the Node oye-proxy tells it, and its whole live `state`.
 *
 * `status` is `ONLINE` or `OFFLINE` by the open connection; times are epoch seconds; `max_power`
 * is the lasting limit in amperes.
 */
export interface ChargerRow {
  readonly charge_point_id: string;
  readonly status: "OFFLINE" | "ONLINE";
  readonly last_seen: number | null;
  readonly max_power: number | null;
  readonly remote_ip: string | null;
  readonly remote_port: number | null;
  readonly connected_at: number | null;
  readonly state: ChargerState;
}

/** What the owner chose for one charger; its limits are no part of it. */
export interface ChargerSetting {
  readonly chargePointId: string;
  readonly name?: string | null;
  readonly mode: Mode;
  readonly ownerStatus: OwnerStatus;
  readonly pauseStrategy: PauseStrategy;
}

/**
 * One charger, whole: its connection, the owner's policy, and what its frames told.
 *
 * `csmsUrl` lacks user information and query. `journalPending` counts the messages that wait
 * for the CSMS. `limits` is what the owner wished and got; `pauseStrategy` says how a pause holds
 * the charger back; `ownerStatus` whether it is in use.
 */
export interface ChargerState {
  readonly ocppVersion: string | null;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly serialNumber: string | null;
  readonly firmwareVersion: string | null;
  readonly iccid: string | null;
  readonly imsi: string | null;
  readonly meterType: string | null;
  readonly meterSerialNumber: string | null;
  readonly bootState: BootState;
  readonly bootedAt: string | null;
  readonly bootReason: string | null;
  readonly heartbeatInterval: number | null;
  readonly lastSeen: string | null;
  readonly firmwareStatus: string | null;
  readonly logStatus: string | null;
  readonly supportedFeatureProfiles: readonly string[] | null;
  readonly connectorCount: number | null;
  readonly ratedPowerW: number | null;
  readonly ratedCurrentA: number | null;
  readonly fault: boolean;
  readonly status: Status | null;
  readonly statusSince: string | null;
  readonly errorCode: string | null;
  readonly vendorErrorCode: string | null;
  readonly vendorId: string | null;
  readonly info: string | null;
  readonly availability: Availability | null;
  readonly limit: LimitFacts | null;
  readonly localListVersion: number | null;
  readonly reservations: readonly ReservationFacts[];
  readonly samples: Readonly<Record<string, SampleFacts>>;
  readonly connectors: readonly ConnectorFacts[];
  readonly chargePointId: string;
  readonly name: string | null;
  readonly connected: boolean;
  readonly connectedAt: string | null;
  readonly remoteAddress: string | null;
  readonly remotePort: number | null;
  readonly subprotocol: string | null;
  readonly mode: Mode;
  readonly modes: readonly Mode[];
  readonly link: Link;
  readonly csmsConnected: boolean;
  readonly csmsUrl: string | null;
  readonly approved: boolean;
  readonly journalPending: number;
  readonly ownerStatus: OwnerStatus;
  readonly pauseStrategy: PauseStrategy;
  readonly limits: LimitsState;
}

/** Empty the charger's memory of authorized tags. */
export interface ClearCacheRequest {
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** Remove limits of the owner, those of one scope or connector or all; never the CSMS's. */
export interface ClearLimitRequest {
  readonly scope?: LimitScope | null;
  /** The connector (2.x: EVSE); 0 is the charger. */
  readonly connectorId?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/**
 * What a client may send: `subscribe` or `unsubscribe` with the value `frames`.
 *
 * A new subscription replaces the filter of the one before.
 */
export interface ClientMessage {
  readonly subscribe?: "frames";
  readonly unsubscribe?: "frames";
  readonly filter?: string;
}

/** Ask which limit will be in force. */
export interface CompositeScheduleRequest {
  /** The connector (2.x: EVSE); 0 is the charger. */
  readonly connectorId?: number | null;
  /** Seconds from now. */
  readonly duration?: number;
  readonly unit?: RateUnit | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** The proxy's configuration; every value is a string. */
export interface ConfigBody {
  readonly targetCsmsUrl: string;
  readonly csmsForwardingEnabled: string;
  readonly autoChargeEnabled: string;
  readonly defaultIdTag: string;
  readonly port: string;
}

/** New values, effective at once; what is absent stays. `port` is read-only. */
export interface ConfigPatch {
  readonly targetCsmsUrl?: string;
  readonly csmsForwardingEnabled?: boolean | "false" | "true";
  readonly autoChargeEnabled?: boolean | "false" | "true";
  readonly defaultIdTag?: string;
  readonly port?: number | string;
}

/**
 * One connector: in 1.6 a connectorId, in 2.x an EVSE with `connectorId` the one in use.
 *
 * `plugged` is null where the status does not tell. `energyWh` is the total register. `socket`
 * says whether a cable can be unlocked, null while nobody told.
 */
export interface ConnectorFacts {
  readonly evseId: number;
  readonly connectorId: number | null;
  readonly status: Status | null;
  readonly statusSince: string | null;
  readonly plugged: boolean | null;
  readonly errorCode: string | null;
  readonly vendorErrorCode: string | null;
  readonly vendorId: string | null;
  readonly info: string | null;
  readonly availability: Availability | null;
  readonly socket: boolean | null;
  readonly powerW: number | null;
  readonly powerEstimated: boolean;
  readonly energyWh: number | null;
  readonly samples: Readonly<Record<string, SampleFacts>>;
  readonly limit: LimitFacts | null;
  readonly transaction: TransactionFacts | null;
  readonly lastTransaction: TransactionFacts | null;
}

/**
 * The limits on one connector, in amperes.
 *
 * Of the session and of sessions by default: the owner's wish, and the limit of ours that the
 * charger accepted; without `sessionPhases` the charger chooses, and at `sessionUntil` the wish
 * ends by itself. `effectiveLimitA` is in force and `limitSource` says whose it is; `verified`
 * is the charger's own word that ours holds, null while it was not asked or does not tell.
 * `pausedBy` says whose limit keeps cars from charging, for it is below 6 A (IEC 61851), or that
 * the owner has paused; null when nobody's does.
 */
export interface ConnectorLimits {
  readonly effectiveLimitA: number | null;
  readonly limitSource: Party;
  readonly verified: boolean | null;
  readonly defaultLimitA: number | null;
  readonly defaultAcceptedA: number | null;
  readonly pausedBy: Party | null;
  readonly connectorId: number;
  readonly sessionLimitA: number | null;
  readonly sessionAcceptedA: number | null;
  readonly sessionPhases: number | null;
  readonly sessionUntil: string | null;
  readonly paused: boolean;
}

/** A new API token; `token` is shown this once. */
export interface CreatedToken {
  readonly id: number;
  readonly name: string;
  readonly scope: Scope;
  readonly token: string;
}

/** Which CSMS to dial, and as which charger; without one the id is made up. */
export interface CsmsTest {
  readonly url: string;
  readonly chargePointId?: string | null;
}

/**
 * What became of the test.
 *
 * A CSMS that refuses an id that it does not know is reached all the same. `message` says it in a
 * sentence, without user information or query values.
 */
export interface CsmsTestResult {
  readonly reached: boolean;
  readonly accepted: boolean;
  readonly httpStatus: number | null;
  readonly subprotocol: string | null;
  readonly chargePointId: string;
  readonly milliseconds: number;
  readonly message: string;
}

/** Send a message of the vendor's own; data that is no text goes as JSON text in 1.6. */
export interface DataTransferRequest {
  readonly vendorId: string;
  readonly messageId?: string | null;
  readonly data?: unknown;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** One part that the service relies on. */
export interface Dependency {
  readonly status: "disabled" | "down" | "up";
}

/**
 * What helps to find a fault, for who is asked for help.
 *
 * Secrets, serial numbers, addresses of chargers and id tags are `***`.
 */
export interface Diagnostics {
  readonly madeAt: string;
  readonly proxy: ProxyInfo;
  readonly uptimeSeconds: number;
  readonly database: StorageReport;
  readonly settings: readonly SettingEntry[];
  readonly state: SettingsSummary;
  readonly issues: readonly Issue[];
  readonly chargers: readonly ChargerState[];
  readonly log: LogTail;
}

/**
 * Have the charger upload its log.
 *
 * `location` is the folder to upload to. In 1.6 the security log comes by the message of its
 * security extension.
 */
export interface DiagnosticsRequest {
  /** A URL that the charger can reach; at most 512 characters before OCPP 2.1. */
  readonly location: string;
  readonly logType?: LogType;
  readonly from?: string | null;
  readonly to?: string | null;
  /** How often the charger tries again. */
  readonly retries?: number | null;
  /** Seconds between. */
  readonly retryInterval?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** Which way a frame went, in the words of the Node oye-proxy; replays are OYE's own. */
export type Direction =
  | "DOWNSTREAM"
  | "INJECTION_REQUEST"
  | "INJECTION_RESPONSE"
  | "PROXY_RESPONSE"
  | "REPLAY_REQUEST"
  | "REPLAY_RESPONSE"
  | "UPSTREAM";

/** It is done. */
export interface Done {
  readonly success: boolean;
}

/** How many sessions have ended. */
export interface EndedSessions {
  readonly ended: number;
}

/** What became of an entry; the last three are final. */
export type EntryState = "acknowledged" | "local" | "pending" | "refused";

/** The client's message was not understood; the connection stays. */
export interface ErrorMessage {
  readonly type: "error";
  readonly seq: number;
  readonly error: string;
  readonly code: string;
}

/** News; never replayed. */
export interface EventMessage {
  readonly type: "event";
  readonly seq: number;
  readonly event: string;
  readonly chargePointId: string;
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The answer of an exchange, without its payload.
 *
 * `id` is its row in the store, null while it passes; `latencyMs` is how long the asker waited.
 */
export interface ExchangeAnswer {
  readonly id: number | null;
  readonly time: string;
  readonly sender: Peer;
  readonly direction: Direction;
  readonly messageType: number;
  readonly size: number;
  readonly gist: string;
  readonly latencyMs: number | null;
  readonly late: boolean;
  readonly rule: string | null;
}

/**
 * One exchange with its frames as stored.
 *
 * `previous` is the charger's frame of this action before, to compare with. `findings` say where
 * the payloads break their schemas. `related` are those of the same transaction and of the same
 * connector, the nearest before and after.
 */
export interface ExchangeDetail {
  readonly exchange: ExchangeSummary;
  readonly ocppVersion: string | null;
  readonly request: ExchangeFrame;
  readonly answers: readonly ExchangeFrame[];
  readonly previous: ExchangeFrame | null;
  readonly timing: ExchangeTiming;
  readonly findings: readonly string[];
  readonly related: readonly ExchangeSummary[];
}

/** One frame of an exchange; `text` is exactly what passed, with secrets as `***`. */
export interface ExchangeFrame {
  readonly id: number;
  readonly time: string;
  readonly sender: Peer;
  readonly direction: Direction;
  readonly messageType: number | null;
  readonly text: string;
  readonly late: boolean;
  readonly rule: string | null;
}

/**
 * Exchanges, newest first.
 *
 * `nextBefore` is the `before` of the next page, null when there is none. A page may be short, or
 * empty, and not be the last: so many frames were looked at that the search goes on with the next.
 */
export interface ExchangePageBody {
  readonly exchanges: readonly ExchangeSummary[];
  readonly nextBefore: number | null;
}

/**
 * How far an exchange is.
 *
 * `unpaired` is an answer to a CALL that nobody saw, `malformed` a text that is no frame, `sent` a
 * message that has no answer.
 */
export type ExchangeState = "answered" | "error" | "malformed" | "sent" | "unanswered" | "unpaired";

/**
 * A CALL with its answer, or a frame that stands alone; without payloads.
 *
 * `key` is the same while it passes and when it is stored, for ever. `id` is the request's row in
 * the store, null while it passes. `size` is in bytes. `gist` says what it is about in OCPP's
 * words and numbers. `injection` is the message id of the owner's command to which it belongs;
 * `rule` names what is odd about the request.
 */
export interface ExchangeSummary {
  readonly key: string;
  readonly id: number | null;
  readonly chargePointId: string;
  readonly time: string;
  readonly state: ExchangeState;
  readonly sender: Peer;
  readonly receiver: Peer;
  readonly direction: Direction;
  readonly messageType: number | null;
  readonly action: string | null;
  readonly messageId: string | null;
  readonly size: number;
  readonly gist: string;
  readonly late: boolean;
  readonly injection: string | null;
  readonly rule: string | null;
  readonly answer: ExchangeAnswer | null;
}

/**
 * When what happened: `receivedAt` came or was asked for, `sentAt` went on, `answeredAt`.
 *
 * `waitedMs` is the time in between, in which the charger had another unanswered CALL.
 */
export interface ExchangeTiming {
  readonly receivedAt: string;
  readonly sentAt: string;
  readonly answeredAt: string | null;
  readonly waitedMs: number;
  readonly latencyMs: number | null;
}

/** Which exchanges, and which page of them. */
export interface ExchangesSearch {
  /** As people write it; see the live stream. */
  readonly filter?: string;
  /** Only those with a smaller id. */
  readonly before?: number | null;
  /** Most rows to return. */
  readonly limit?: number;
}

/**
 * Have the charger fetch and install firmware.
 *
 * Without `retrieveAt` it fetches at once. With certificate and signature 1.6 gets the signed form
 * of its security extension; `installAt` exists only there and in 2.x.
 */
export interface FirmwareRequest {
  /** A URL that the charger can reach; at most 512 characters before OCPP 2.1. */
  readonly location: string;
  readonly retrieveAt?: string | null;
  readonly installAt?: string | null;
  /** How often the charger tries again. */
  readonly retries?: number | null;
  /** Seconds between. */
  readonly retryInterval?: number | null;
  /** PEM */
  readonly signingCertificate?: string | null;
  /** Base64 */
  readonly signature?: string | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** Whose password is forgotten: the name of an account, or its e-mail address. */
export interface ForgottenPassword {
  readonly username: string;
}

/**
 * An exchange that began, or that got an answer: then it comes again, whole, with the same `key`.
 *
 * A frame that belongs to no CALL is one of its own.
 */
export interface FrameMessage {
  readonly type: "frame";
  readonly seq: number;
  readonly exchange: ExchangeSummary;
}

/**
 * One stored frame.
 *
 * `payload` is the frame's JSON, or its text when it is none; `timestamp` is in epoch seconds.
 */
export interface FrameRow {
  readonly id: number;
  readonly charge_point_id: string;
  readonly direction: string;
  readonly payload: unknown;
  readonly timestamp: number;
  readonly time: string | null;
  readonly messageType: number | null;
  readonly action: string | null;
  readonly messageId: string | null;
  readonly peer: string | null;
  readonly rule: string | null;
  readonly late: boolean;
  readonly injection: string | null;
}

/**
 * So many messages `frame` were dropped because the client was too slow.
 *
 * The times are those of the exchanges: `POST /api/exchanges/search` has them.
 */
export interface GapMessage {
  readonly type: "gap";
  readonly seq: number;
  readonly dropped: number;
  readonly firstTime: string;
  readonly lastTime: string;
}

/** Read settings of the charger; all of them when no key is given. */
export interface GetConfigurationRequest {
  readonly keys?: readonly string[];
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/**
 * How the proxy is; `down` (503) when a part is down that it cannot work without.
 *
 * `journal` is null when the database cannot tell.
 * `certificates` and `chargerUrls` are what a server in front tells, in the Home Assistant app.
 */
export interface HealthReport {
  readonly status: "down" | "ok";
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly database: StorageReport;
  readonly journal: JournalReport | null;
  readonly chargers: ChargerCount;
  readonly liveClients: number;
  readonly certificates: readonly CertificateStatus[];
  readonly chargerUrls: readonly string[];
}

/** What the owner says of an id tag; a name that is absent stays, null takes it away. */
export interface IdTagChange {
  readonly status: TagVerdict;
  readonly name?: string | null;
}

/** One id tag of the owner's list. */
export interface IdTagEntry {
  readonly idTag: string;
  readonly name: string | null;
  readonly status: TagVerdict;
  readonly updatedAt: string;
}

/** One id tag of the owner's list. */
export interface IdTagSetting {
  readonly idTag: string;
  readonly status: TagVerdict;
  readonly name?: string | null;
}

/**
 * What changes, and whether it has changed.
 *
 * `unknownChargers` were never seen here: what the file says of them is left out.
 */
export interface ImportedSettings {
  readonly changes: readonly SettingChange[];
  readonly unknownChargers: readonly string[];
  readonly applied: boolean;
}

/** A CALL for the charger; `confirm` is needed for what can lock the owner out. */
export interface InjectRequest {
  readonly action: string;
  readonly payload?: Readonly<Record<string, unknown>> | null;
  readonly confirm?: boolean;
}

/** One issue; `chargePointId` is null for the proxy as a whole. */
export interface Issue {
  readonly key: IssueKey;
  readonly severity: Severity;
  readonly chargePointId: string | null;
  readonly since: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The issues that exist; clients ignore keys that they do not know. */
export type IssueKey =
  | "certificate_expiring"
  | "charger_not_accepted"
  | "charger_redirected"
  | "charger_silent"
  | "charger_unsecured"
  | "csms_loop"
  | "csms_refused"
  | "csms_unreachable"
  | "duplicate_charger"
  | "error_rate"
  | "journal_growing"
  | "limit_conflict"
  | "storage_trouble";

/** The whole list of open issues. */
export interface IssuesMessage {
  readonly type: "issues";
  readonly seq: number;
  readonly issues: readonly Issue[];
}

/** How an answered CALL is kept (docs/OCPP.md); what has no class is not kept. */
export type JournalClass = "E" | "L" | "T";

/**
 * One message of a charger that the proxy answered, and what the CSMS was told of it.
 *
 * `class` is T for transactions, E for other events, L for what only the last one counts of.
 * `text` is the message as it arrived, `answer` the proxy's; `sent` is what went to the CSMS when
 * it was another text, `response` the CSMS's last answer. Secrets in them are `***`. `uncertain`:
 * the CSMS may have had it once before. `attempts` counts how often the CSMS answered it.
 */
export interface JournalEntry {
  readonly sequence: number;
  readonly class: JournalClass;
  readonly action: string;
  readonly messageId: string;
  readonly transactionId: string | null;
  readonly arrivedAt: string;
  readonly state: EntryState;
  readonly uncertain: boolean;
  readonly attempts: number;
  readonly settledAt: string | null;
  readonly text: string;
  readonly sent: string | null;
  readonly answer: string;
  readonly response: string | null;
}

/**
 * Entries of a charger's journal, newest first.
 *
 * `pending` counts all that the CSMS has yet to hear. `nextBefore` is the `before` of the next
 * page, null on the last one.
 */
export interface JournalPage {
  readonly chargePointId: string;
  readonly pending: number;
  readonly entries: readonly JournalEntry[];
  readonly nextBefore: number | null;
}

/** What CSMSs have yet to hear, of how many chargers, and when the oldest of it arrived. */
export interface JournalReport {
  readonly pending: number;
  readonly chargers: number;
  readonly oldestArrival: string | null;
}

/** Which entries of a charger's journal; all conditions hold at once. */
export interface JournalSearch {
  /** Most entries to return. */
  readonly limit?: number;
  /** Only smaller sequences. */
  readonly before?: number | null;
  /** The oldest ones, in order; they have no next page. */
  readonly oldest?: boolean;
  readonly state?: EntryState | null;
  readonly transactionId?: string | null;
}

/** What is stored of a kind of frames; `last` is the newest per charger and direction. */
export type Keep = "all" | "last" | "none";

/**
 * What is stored of an action's CALLs and answers.
 *
 * Without `direction` it holds in all of them; a rule with one precedes a rule without.
 */
export interface KeepRule {
  readonly action: string;
  readonly direction?: Direction | null;
  readonly keep: Keep;
}

/** One installed package; `licence` as its metadata has it. */
export interface Licence {
  readonly name: string;
  readonly version: string;
  readonly licence: string | null;
  readonly homePage: string | null;
}

/**
 * The limit in force as the charger told it.
 *
 * `limitSource` is `charger` (or what limits it: EMS, grid) or `operator`; null when not told.
 */
export interface LimitFacts {
  readonly limitA: number | null;
  readonly limitW: number | null;
  readonly limitSource: string | null;
  readonly time: string | null;
}

/**
 * Limit the running transaction, transactions by default, or the whole charger.
 *
 * One of `limitA` and `limitW`, or `phases` alone, which keeps the limit. A default without a
 * connector holds for all of them. What needs no CALL now (the charger has it, or the session has
 * not begun) is accepted without a `response`; a lasting limit is sent at most once a minute.
 */
export interface LimitRequest {
  /** Amperes per phase; less than 6 means pause. */
  readonly limitA?: number | null;
  /** Watts over all phases, instead of amperes. */
  readonly limitW?: number | null;
  readonly scope?: LimitScope;
  /** The connector (2.x: EVSE); 0 is the charger. */
  readonly connectorId?: number | null;
  /** How many phases; 0: the charger chooses; absent: as before. */
  readonly phases?: number | null;
  /** Seconds after which it ends by itself. */
  readonly duration?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** What a limit of the owner holds for. */
export type LimitScope = "default" | "maximum" | "session";

/**
 * The limits on the whole charger and on its connectors, in amperes.
 *
 * `maxCurrentA` is the owner's lasting limit, `maxCurrentAcceptedA` what the charger accepted of
 * it; `conflict` is a sentence on why a limit cannot be set, null when all can be. The other
 * members are those of a connector.
 */
export interface LimitsState {
  readonly effectiveLimitA: number | null;
  readonly limitSource: Party;
  readonly verified: boolean | null;
  readonly defaultLimitA: number | null;
  readonly defaultAcceptedA: number | null;
  readonly pausedBy: Party | null;
  readonly maxCurrentA: number | null;
  readonly maxCurrentAcceptedA: number | null;
  readonly paused: boolean;
  readonly conflict: string | null;
  readonly connectors: readonly ConnectorLimits[];
}

/** Where the charger's CALLs go now. */
export type Link = "catching_up" | "connected" | "holding" | "standalone";

/** One tag of the local list; `remove` takes it out in a differential update. */
export interface ListEntry {
  /** At most 20 (1.6), 36 or 255 characters. */
  readonly idTag: string;
  /** OCPP 2.x: what kind of tag it is. */
  readonly idTagType?: string;
  readonly status?: TagStatus;
  readonly expiresAt?: string | null;
  /** At most 20 (1.6), 36 or 255 characters. */
  readonly groupIdTag?: string | null;
  readonly remove?: boolean;
}

/** Whether the entries replace the list or change it. */
export type ListUpdate = "differential" | "full";

/**
 * Everything that is live.
 *
 * `epoch` is new at each start of the proxy; `seq` is 0 here and rises by one per live message.
 */
export interface LiveState {
  readonly epoch: string;
  readonly seq: number;
  readonly proxy: ProxyInfo;
  readonly chargers: readonly ChargerState[];
  readonly issues: readonly Issue[];
}

/**
 * Send the charger the list of tags that it accepts on its own.
 *
 * Without `version` it is the one after the charger's, once that is known: ask for it first.
 */
export interface LocalListRequest {
  readonly entries?: readonly ListEntry[];
  readonly updateType?: ListUpdate;
  readonly version?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** Ask for the version of the charger's local list; 0 is an empty one, -1 in 1.6 none at all. */
export interface LocalListVersionRequest {
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** One line of the log, without secrets. */
export interface LogEntry {
  readonly time: string;
  readonly level: string;
  readonly logger: string;
  readonly message: string;
  readonly charger: string | null;
  readonly exception: string | null;
}

/** The levels that the app offers; `trace` is `debug`, `notice` is `info`, `fatal` critical. */
export type LogLevel = "debug" | "error" | "fatal" | "info" | "notice" | "trace" | "warning";

/** How much is logged from now on, until the proxy starts again. */
export interface LogPatch {
  readonly level: LogLevel;
}

/** How many of the newest lines. */
export interface LogQuery {
  readonly limit?: number;
}

/** The newest lines, oldest first, and how much is logged. */
export interface LogTail {
  readonly level: LogLevel;
  readonly lines: readonly LogEntry[];
}

/** Which log to upload; `data_collector` exists since OCPP 2.1. */
export type LogType = "data_collector" | "diagnostics" | "security";

/** One login of the console, `current` the caller's; `expiresAt` moves on while it is used. */
export interface LoginSession {
  readonly id: number;
  readonly username: string;
  readonly createdAt: string;
  readonly lastUsed: string;
  readonly expiresAt: string;
  readonly remoteAddress: string;
  readonly userAgent: string;
  readonly current: boolean;
}

/** Which stored frames; unknown parameters are ignored, as the Node oye-proxy does. */
export interface LogsQuery {
  readonly chargePointId?: string | null;
  /** Most rows to return. */
  readonly limit?: number;
  /** Only frames after this, exclusive. */
  readonly since?: number | null;
  /** Only rows with a smaller id. */
  readonly before?: number | null;
  /** Only rows with a larger id. */
  readonly after?: number | null;
  readonly direction?: Direction | null;
  /** One action, such as Heartbeat. */
  readonly action?: string | null;
  /**
   * Text in the payload; without a charger all frames may have to be read, one such search after the other.
   */
  readonly q?: string | null;
}

/** Which stored frames; all conditions hold at once. */
export interface LogsSearch {
  readonly chargePointId?: string | null;
  /** Most rows to return. */
  readonly limit?: number;
  /** Only frames after this, exclusive. */
  readonly since?: number | null;
  /** Only rows with a smaller id. */
  readonly before?: number | null;
  /** Only rows with a larger id. */
  readonly after?: number | null;
  readonly direction?: Direction | null;
  /** One action, such as Heartbeat. */
  readonly action?: string | null;
  /**
   * Text in the payload; without a charger all frames may have to be read, one such search after the other.
   */
  readonly q?: string | null;
}

/**
 * How mail is sent; the password is never told.
 *
 * Where mail is not `offered`, in the Home Assistant app, nothing can be set. It is `configured`
 * with a server, a sender and a public URL, to which the links in mails lead. A `port` of null is
 * the usual one. `languages` are those that mails can be written in.
 */
export interface MailBody {
  readonly offered: boolean;
  readonly configured: boolean;
  readonly server: string | null;
  readonly port: number | null;
  readonly security: MailSecurity;
  readonly username: string | null;
  readonly passwordSet: boolean;
  readonly sender: string | null;
  readonly publicUrl: string | null;
  readonly language: string;
  readonly languages: readonly string[];
}

/**
 * What is to be another one; what is missing stays, null unsets.
 *
 * Another server, port or security forgets the password unless it comes along.
 */
export interface MailPatch {
  readonly server?: string | null;
  readonly port?: number | null;
  readonly security?: MailSecurity;
  readonly username?: string | null;
  readonly password?: string | null;
  readonly sender?: string | null;
  readonly publicUrl?: string | null;
  readonly language?: string;
}

/** How the connection to the mail server is encrypted. */
export type MailSecurity = "none" | "starttls" | "tls";

/** Where a test mail goes; to the caller's own address when missing. */
export interface MailTest {
  readonly to?: string | null;
}

/** The owner's policy for a charger. */
export type Mode = "forward" | "monitor" | "standalone";

/**
 * The owner's policy for a charger.
 *
 * `forward`: the CSMS is in charge and the owner may command; `monitor`: frames pass, commands of
 * the owner are refused; `standalone`: there is no CSMS. `modes` of the charger lists those that
 * are possible.
 */
export interface ModeRequest {
  readonly mode: Mode;
}

/** The mode that is in force now; no message to the charger was needed. */
export interface ModeSet {
  readonly status: string;
  readonly accepted: boolean;
  readonly mode: Mode;
}

/** A new password, and the token of the link that came by mail. */
export interface NewPassword {
  readonly token: string;
  readonly newPassword: string;
}

/** An API token to be made. */
export interface NewToken {
  readonly name: string;
  readonly scope?: Scope;
}

/** An account to be made; `language` is that of its mails, null what the browser asks for. */
export interface NewUser {
  readonly username: string;
  readonly password: string;
  readonly email?: string | null;
  readonly language?: string | null;
}

/** The versions that the proxy understands; others are relayed without observation. */
export type OcppVersion = "1.6" | "2.0.1" | "2.1";

/**
 * Whether a charger is in use.
 *
 * `maintenance`: its frames pass as ever, its issues are not shown, and nothing charges
 * automatically. `inactive`: its handshake is refused with 403.
 */
export type OwnerStatus = "active" | "inactive" | "maintenance";

/** Whose limit is in force. */
export type Party = "charger" | "csms" | "no_limit" | "owner";

/** The present password and the new one, of the user who calls. */
export interface PasswordChange {
  readonly currentPassword?: string;
  readonly newPassword?: string;
}

/** The password is another one; all other logins of the user have ended. */
export interface PasswordChanged {
  readonly status: string;
  readonly message: string;
}

/** The new password of an account. */
export interface PasswordOfUser {
  readonly newPassword: string;
}

/** How a forgotten password is replaced. */
export type PasswordReset = "command_line" | "home_assistant" | "mail";

/** Hold a connector back in the way that is set for the charger. */
export interface PauseRequest {
  /** The connector; in OCPP 2.x the EVSE. */
  readonly connectorId?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** How to hold a connector back: some chargers end the transaction at 0 A anyway. */
export type PauseStrategy = "limit_zero" | "remote_stop";

/** Who sent a frame, or gets it. */
export type Peer = "charger" | "csms" | "proxy";

/** By what transactions are added up; `hour` is the hour of the day. */
export type Per = "charger" | "day" | "hour" | "month" | "tag";

/** A choice made beforehand, or the owner's own rules. */
export type Preset = "all" | "custom" | "selective";

/**
 * Why a request failed: a sentence for a person, and a stable code to act on.
 *
 * `messageId` names the injection that failed; `errorCode`, `description` and `details` are those
 * of the charger's CALLERROR; `guard` (`lockout`, `danger`) says what `confirm` is needed for;
 * `retryAfter` is in seconds.
 */
export interface Problem {
  readonly error: string;
  readonly code: string;
  readonly messageId?: string;
  readonly errorCode?: string;
  readonly description?: string;
  readonly details?: unknown;
  readonly guard?: string;
  readonly retryAfter?: number;
}

/**
 * What this proxy is: `instanceId` stays for ever, `features` are slugs.
 *
 * `validation` is what happens to a payload that breaks its schema: with `enforce` a command with
 * one is refused (400 `invalid_payload`), otherwise it is sent all the same.
 */
export interface ProxyInfo {
  readonly version: string;
  readonly apiVersion: number;
  readonly instanceId: string;
  readonly name: string;
  readonly features: readonly string[];
  readonly validation: Validation;
}

/** The unit of a limit: amperes per phase, or watts over all phases. */
export type RateUnit = "A" | "W";

/** After which time a course begins anew. */
export type Recurrence = "daily" | "weekly";

/** Ask the charger for the status and the meter values of all its connectors. */
export interface RefreshRequest {
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** Which variables a report of a 2.x charger holds. */
export type ReportBase = "configuration" | "full" | "summary";

/** Ask a 2.x charger for its variables; they arrive in later messages. */
export interface ReportRequest {
  readonly reportBase?: ReportBase;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/**
 * One reservation that the charger accepted; without `evseId` it is for any connector.
 *
 * `idTag` shows its last four characters to callers with the scope `read`.
 */
export interface ReservationFacts {
  readonly reservationId: number;
  readonly evseId: number | null;
  readonly idTag: string | null;
  readonly until: string | null;
}

/**
 * Keep a connector free for a tag; without a connector the only one, or any.
 *
 * `reservationId` is chosen when it is absent; the answer tells it.
 */
export interface ReserveRequest {
  /** At most 20 (1.6), 36 or 255 characters. */
  readonly idTag: string;
  /** When the reservation ends. */
  readonly until: string;
  /** OCPP 2.x: what kind of tag it is. */
  readonly idTagType?: string;
  /** The connector (2.x: EVSE); 0 is the charger. */
  readonly connectorId?: number | null;
  /** At most 20 (1.6), 36 or 255 characters. */
  readonly groupIdTag?: string | null;
  readonly reservationId?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** The same for known and unknown names. */
export interface ResetAsked {
  readonly success: boolean;
  readonly message: string;
}

/** Restart the charger, in 2.x also a single EVSE. */
export interface ResetRequest {
  readonly type?: ResetType;
  /** The connector; in OCPP 2.x the EVSE. */
  readonly connectorId?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** When to restart: `soft` once idle, `hard` at once. */
export type ResetType = "hard" | "soft";

/** End a pause; the tag is needed where pausing stopped the transaction. */
export interface ResumeRequest {
  /** The connector; in OCPP 2.x the EVSE. */
  readonly connectorId?: number | null;
  /** At most 20 (1.6), 36 or 255 characters. */
  readonly idTag?: string | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** Until when the former token of Home Assistant's integration opens the API. */
export interface RotatedToken {
  readonly formerValidUntil: string;
}

/**
 * The newest value of one measurand.
 *
 * `value` is the total over the phases, null when only phases are known and have no total.
 * `phases` has the keys L1, L2, L3, N, L1-L2, L2-L3, L3-L1 as far as they were sent.
 */
export interface SampleFacts {
  readonly value: number | null;
  readonly time: string;
  readonly unit: string | null;
  readonly phases: Readonly<Record<string, number>>;
  readonly context: string;
  readonly location: string;
}

/** A limit in the schedule's unit, from `start` seconds after the schedule begins. */
export interface SchedulePeriod {
  readonly start: number;
  readonly limit: number;
}

/**
 * Limit by a schedule; it takes the place of the limit with the same scope and connector.
 *
 * The first period starts at 0, each later than the one before. Without `start` it begins now;
 * with `recurrence` it begins anew after each day or week, else its last limit stays, for
 * `duration` seconds in all if that is given. Less than 6 A means pause. With `timeZone`, an IANA
 * name such as `Europe/Berlin`, what recurs keeps its times when the clocks there change; without
 * it a day has 24 hours.
 */
export interface ScheduleRequest {
  readonly periods: readonly SchedulePeriod[];
  readonly unit?: RateUnit;
  readonly scope?: LimitScope;
  /** The connector (2.x: EVSE); 0 is the charger. */
  readonly connectorId?: number | null;
  readonly start?: string | null;
  readonly recurrence?: Recurrence | null;
  readonly timeZone?: string | null;
  /** How many phases; 0: the charger chooses; absent: as before. */
  readonly phases?: number | null;
  /** Seconds after which it ends by itself. */
  readonly duration?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/**
 * The official schemas of one OCPP version.
 *
 * `actions` are those that a CSMS may send (`toCharger`) and a charger may send (`fromCharger`).
 */
export interface SchemaList {
  readonly version: string;
  readonly schemas: readonly string[];
  readonly toCharger: readonly string[];
  readonly fromCharger: readonly string[];
}

/** What a caller may do; each scope includes those before it. */
export type Scope = "admin" | "control" | "read";

/**
 * The command is with the charger, or waits for its turn (`queued`).
 *
 * With `wait`, `response` is the charger's answer and `accepted` says whether it agreed;
 * `followUps` are the payloads that arrived later and belong to the answer; `complete` is false
 * when not all of them came in time. `reservationId` is that of a reservation. `warnings` are
 * sentences on why the charger or the CSMS may refuse it; it was sent all the same. `pauses` is
 * true when it sets a limit below 6 A: charging stops until the limit is raised or removed.
 */
export interface Sent {
  readonly status: string;
  readonly messageId: string;
  readonly queued?: boolean;
  readonly accepted?: boolean;
  readonly response?: unknown;
  readonly followUps?: readonly unknown[];
  readonly complete?: boolean;
  readonly reservationId?: number;
  readonly warnings?: readonly string[];
  readonly pauses?: boolean;
}

/** The health of the service, in the shape of the gateway for fleets. */
export interface ServiceHealth {
  readonly status: "down" | "ok";
  readonly service: string;
  readonly time: string;
  readonly dependencies: Readonly<Record<string, Dependency>>;
  readonly required: Readonly<Record<string, boolean>>;
}

/**
 * Who calls, how they came in, and what they may do.
 *
 * `name` is the account's, the token's, or the one that Home Assistant tells. `can` has the scopes
 * that the caller has, `own_account` for who may change an own password, and `mail` where mail can
 * be set up; `scope` is null for nobody. `generatedPassword`: no person has chosen this account's
 * password yet.
 */
export interface SessionInfo {
  readonly name: string;
  readonly via: Via;
  readonly scope: Scope | null;
  readonly can: readonly string[];
  readonly email: string | null;
  readonly language: string | null;
  readonly generatedPassword: boolean;
  readonly sessionId: number | null;
  readonly expiresAt: string | null;
}

/** Whose sessions. */
export interface SessionsQuery {
  /** An account; the caller's own when missing. */
  readonly username?: string | null;
}

/** Change one setting of the charger. */
export interface SetConfigurationRequest {
  /** 1.6: a key; 2.x: `Component[instance]@evse.Variable[instance]`. */
  readonly key: string;
  /** At most 500 characters in 1.6. */
  readonly value: string;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/**
 * One value that changes, by its name in the export.
 *
 * `subject` is the id tag or the charger that it belongs to. `before` and `after` of
 * `storage.rules` say how many there are; the secrets of an address are `***`. A tag that is new
 * has nothing before.
 */
export interface SettingChange {
  readonly name: "chargers.mode" | "chargers.name" | "chargers.ownerStatus" | "chargers.pauseStrategy" | "config.autoChargeEnabled" | "config.csmsForwardingEnabled" | "config.defaultIdTag" | "config.targetCsmsUrl" | "idTags.name" | "idTags.status" | "storage.maxBytes" | "storage.otherwise" | "storage.preset" | "storage.retentionCount" | "storage.retentionDays" | "storage.rules";
  readonly subject: string | null;
  readonly before: string | number | boolean | null;
  readonly after: string | number | boolean | null;
}

/**
 * One setting that is fixed when the proxy starts.
 *
 * A secret value shows as `***`. `source` says where the value came from, null is the default.
 */
export interface SettingEntry {
  readonly name: string;
  readonly variable: string;
  readonly type: string;
  readonly default: string;
  readonly value: string;
  readonly description: string;
  readonly source: string | null;
}

/** The part of `/api/config` that can be carried to another proxy. */
export interface SettingsConfig {
  readonly targetCsmsUrl: string;
  readonly csmsForwardingEnabled: boolean;
  readonly autoChargeEnabled: boolean;
  readonly defaultIdTag: string;
}

/**
 * What changes while the proxy runs, as it is exported and imported.
 *
 * Version 1 had no `idTags` and no `chargers`.
 */
export interface SettingsExport {
  readonly version: number;
  readonly config: SettingsConfig;
  readonly storage: StorageChoice;
  readonly idTags?: readonly IdTagSetting[];
  readonly chargers?: readonly ChargerSetting[];
}

/** Whether the secrets are wanted too. */
export interface SettingsExportQuery {
  readonly secrets?: boolean;
}

/** What was exported; with `dryRun` nothing changes. */
export interface SettingsImport {
  readonly settings: SettingsExport;
  readonly dryRun?: boolean;
}

/** What changes while the proxy runs; of the owner's id tags only how many there are. */
export interface SettingsSummary {
  readonly config: SettingsConfig;
  readonly storage: StorageChoice;
  readonly idTags: number;
}

/** `critical`: act at once; `error`: a person must act; `warning`: something degrades. */
export type Severity = "critical" | "error" | "warning";

/** A name and its password. */
export interface SignIn {
  readonly username: string;
  readonly password: string;
}

/**
 * What a page for signing in must know.
 *
 * `passwordReset`: by a `mail` to the account, on the `command_line` of the proxy's machine, or
 * by an administrator in `home_assistant`. Without accounts nobody can sign in: in the Home
 * Assistant app the first one is made there.
 */
export interface SignInInfo {
  readonly passwordReset: PasswordReset;
  readonly hasAccounts: boolean;
}

/** One simulated charger that runs. */
export interface SimulatorEntry {
  readonly chargePointId: string;
  readonly version: OcppVersion;
  readonly connected: boolean;
}

/** Which simulated charger to start; without `connectors` it has one. */
export interface SimulatorStart {
  readonly version?: OcppVersion;
  readonly connectors?: number;
  /** Whether a car is there and charges. */
  readonly plugIn?: boolean;
}

/** One of `action` (`clear`), `maxPower` or `sessionLimit`, looked at in this order; amperes. */
export interface SmartChargingRequest {
  readonly action?: string | null;
  readonly maxPower?: number | string | null;
  readonly sessionLimit?: number | string | null;
  readonly transactionId?: number | string | null;
}

/** The first message: everything that is live, as `/api/state` tells it; its `seq` is 0. */
export interface SnapshotMessage {
  readonly type: "snapshot";
  readonly seq: number;
  readonly epoch: string;
  readonly proxy: ProxyInfo;
  readonly chargers: readonly ChargerState[];
  readonly issues: readonly Issue[];
}

/** Start a transaction, with a limit if one is given. */
export interface StartRequest {
  /** The connector; in OCPP 2.x the EVSE. */
  readonly connectorId?: number | null;
  /** At most 20 (1.6), 36 or 255 characters. */
  readonly idTag?: string | null;
  /** Amperes per phase; less than 6 means pause. */
  readonly limitA?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** Whose wish a transaction was; `local` is a card, a button or plug-and-charge. */
export type StartedBy = "automation" | "local" | "operator" | "owner";

/** The nine states of a connector in 1.6 (C16 7.7), into which 2.x is translated. */
export type Status =
  | "Available"
  | "Charging"
  | "Faulted"
  | "Finishing"
  | "Preparing"
  | "Reserved"
  | "SuspendedEV"
  | "SuspendedEVSE"
  | "Unavailable";

/** Stop a transaction: the one named, that of the connector, or the only one. */
export interface StopRequest {
  /** As the charger knows it; 1.6: digits. */
  readonly transactionId?: string | null;
  /** The connector; in OCPP 2.x the EVSE. */
  readonly connectorId?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/**
 * What the owner chose; a limit of null is the setting's.
 *
 * `rules` and `otherwise` count with the preset `custom` alone.
 */
export interface StorageChoice {
  readonly preset?: Preset;
  readonly rules?: readonly KeepRule[];
  readonly otherwise?: Keep;
  readonly retentionCount?: number | null;
  readonly retentionDays?: number | null;
  readonly maxBytes?: number | null;
}

/**
 * Which frames are stored, and for how long.
 *
 * `preset` `selective` leaves MeterValues and Heartbeat out; `custom` follows `rules`, and
 * `otherwise` where none names an action. The limits are those in force; 0 is no limit.
 */
export interface StoragePolicyBody {
  readonly preset: Preset;
  readonly rules: readonly KeepRule[];
  readonly otherwise: Keep;
  readonly retentionCount: number;
  readonly retentionDays: number;
  readonly maxBytes: number;
}

/**
 * New values, effective at once; what is absent stays.
 *
 * `rules` with another preset than `custom` are kept for later. A limit of null is that of the
 * settings again.
 */
export interface StoragePolicyPatch {
  readonly preset?: Preset;
  readonly rules?: readonly KeepRule[];
  readonly otherwise?: Keep;
  readonly retentionCount?: number | null;
  readonly retentionDays?: number | null;
  readonly maxBytes?: number | null;
}

/**
 * The database, its room, and the frames that wait for it or were dropped before it.
 *
 * `usedBytes` holds something, the rest of `sizeBytes` is free for new rows; above `maxBytes` (0:
 * no limit) the oldest frames go. `frames` are those that are stored now. null is what is not
 * known: the disk of a PostgreSQL, for one, and the frames until they were counted once.
 */
export interface StorageReport {
  readonly up: boolean;
  readonly kind: string;
  readonly sizeBytes: number | null;
  readonly usedBytes: number | null;
  readonly maxBytes: number;
  readonly diskFreeBytes: number | null;
  readonly diskTotalBytes: number | null;
  readonly frames: number | null;
  readonly framesWaiting: number;
  readonly framesDropped: number;
}

/** What the charger is to think of a tag, in the words that all versions share. */
export type TagStatus = "Accepted" | "Blocked" | "ConcurrentTx" | "Expired" | "Invalid";

/** What the owner says of a tag. */
export type TagVerdict = "accepted" | "blocked";

/** One API token. */
export interface Token {
  readonly id: number;
  readonly name: string;
  readonly scope: Scope;
  readonly createdAt: string;
  readonly lastUsed: string | null;
}

/** What is added up, and by what. */
export interface TotalsQuery {
  readonly chargePointId?: string | null;
  /** The whole tag, in any case. */
  readonly idTag?: string | null;
  /** Only those that began then or later. */
  readonly from?: string | null;
  /** Only those that began before. */
  readonly to?: string | null;
  readonly state?: "ended" | "open" | null;
  readonly startedBy?: StartedBy | null;
  readonly by: Per;
  /** Minutes east of Greenwich: when a day begins. */
  readonly utcOffset?: number;
}

/** How many frames passed within the last minute, those of all chargers, in both directions. */
export interface Traffic {
  readonly framesPerMinute: number;
}

/** A transaction with its meter values; of more than 2000 every n-th of each series. */
export interface TransactionDetail {
  readonly transaction: TransactionEntry;
  readonly samples: readonly TransactionSample[];
  readonly sampleCount: number;
  readonly thinned: boolean;
}

/**
 * One transaction.
 *
 * `id` is that of its record, `transactionId` the charger's, `csmsTransactionId` the CSMS's
 * when it gave one (1.6). `begunAt` is the start or, of an `adopted` one whose start was not
 * seen, its first message. An `ended` one without `stoppedAt` lost its end: another began in its
 * place. `gap`: messages of it are missing; `offline`: some were made without a connection. The
 * CSMS took its start at `startAcknowledgedAt` and its end at `stopAcknowledgedAt`; a refusal
 * is the error code with which it did not. Tags show their last four characters to callers with
 * the scope `read`; `idTagName` is the owner's word for the tag.
 */
export interface TransactionEntry {
  readonly id: number;
  readonly chargePointId: string;
  readonly transactionId: string;
  readonly csmsTransactionId: string | null;
  readonly evseId: number | null;
  readonly connectorId: number | null;
  readonly ocppVersion: string | null;
  readonly state: "ended" | "open";
  readonly begunAt: string;
  readonly startedAt: string | null;
  readonly stoppedAt: string | null;
  readonly durationSeconds: number | null;
  readonly idTag: string | null;
  readonly idTagName: string | null;
  readonly idTagType: string | null;
  readonly idTagStatus: string | null;
  readonly stopIdTag: string | null;
  readonly startedBy: StartedBy | null;
  readonly remoteStartId: number | null;
  readonly reason: string | null;
  readonly meterStartWh: number | null;
  readonly meterStopWh: number | null;
  readonly energyWh: number | null;
  readonly startAcknowledgedAt: string | null;
  readonly startRefusal: string | null;
  readonly stopAcknowledgedAt: string | null;
  readonly stopRefusal: string | null;
  readonly gap: boolean;
  readonly adopted: boolean;
  readonly offline: boolean;
  readonly updatedAt: string;
}

/**
 * One transaction.
 *
 * `gap` says that events are missing: its start was not seen, or a number in `seqNo`.
 * `idTag` shows its last four characters to callers with the scope `read`, `idTagName` is the
 * owner's word for it, `idTagStatus` the CSMS's. `energyWh` is null until a start is known.
 */
export interface TransactionFacts {
  readonly transactionId: string;
  readonly idTag: string | null;
  readonly idTagName: string | null;
  readonly idTagType: string | null;
  readonly idTagStatus: string | null;
  readonly startedAt: string | null;
  readonly startedBy: StartedBy | null;
  readonly remoteStartId: number | null;
  readonly meterStartWh: number | null;
  readonly meterStopWh: number | null;
  readonly energyWh: number | null;
  readonly chargingState: string | null;
  readonly seqNo: number | null;
  readonly gap: boolean;
  readonly offline: boolean;
  readonly stoppedAt: string | null;
  readonly reason: string | null;
}

/** Transactions, those that began last first; `nextBefore` leads to the next page. */
export interface TransactionPage {
  readonly transactions: readonly TransactionEntry[];
  readonly nextBefore: number | null;
}

/**
 * One value in its base unit (Wh, W, A, V, %, °C); without `phase` it is the total.
 *
 * `Limit.Effective` is no measurand of the charger's but the limit that held from then on, with
 * `owner`, `csms` or `charger` as `context`; `no_limit` says that there was none.
 */
export interface TransactionSample {
  readonly time: string;
  readonly measurand: string;
  readonly phase: string | null;
  readonly value: number;
  readonly unit: string | null;
  readonly context: string;
  readonly location: string;
}

/**
 * What the transactions of one key amount to; each counts whole where it began.
 *
 * `key` is a day (`2026-11-21`), a month (`2026-11`), an hour of the day (`07`), a charger's id or
 * an id tag, null for those without one.
 */
export interface TransactionTotal {
  readonly key: string | null;
  readonly transactions: number;
  readonly energyWh: number;
  readonly durationSeconds: number;
}

/** Which transactions; all conditions hold at once. */
export interface TransactionsExport {
  readonly chargePointId?: string | null;
  /** The whole tag, in any case. */
  readonly idTag?: string | null;
  /** Only those that began then or later. */
  readonly from?: string | null;
  /** Only those that began before. */
  readonly to?: string | null;
  readonly state?: "ended" | "open" | null;
  readonly startedBy?: StartedBy | null;
}

/** Which transactions, and which page of them; all conditions hold at once. */
export interface TransactionsSearch {
  readonly chargePointId?: string | null;
  /** The whole tag, in any case. */
  readonly idTag?: string | null;
  /** Only those that began then or later. */
  readonly from?: string | null;
  /** Only those that began before. */
  readonly to?: string | null;
  readonly state?: "ended" | "open" | null;
  readonly startedBy?: StartedBy | null;
  /** Only those after this `id` in the list. */
  readonly before?: number | null;
  /** Most rows to return. */
  readonly limit?: number;
}

/** Ask the charger to send a message now. */
export interface TriggerRequest {
  readonly message: TriggeredMessage;
  /** The connector; in OCPP 2.x the EVSE. */
  readonly connectorId?: number | null;
  /** OCPP 2.1: what a `CustomTrigger` is to send. */
  readonly customTrigger?: string | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** The messages that a charger can be asked for, in the words of both 1.6 and 2.x. */
export type TriggeredMessage =
  | "BootNotification"
  | "CustomTrigger"
  | "DiagnosticsStatusNotification"
  | "FirmwareStatusNotification"
  | "Heartbeat"
  | "LogStatusNotification"
  | "MeterValues"
  | "PublishFirmwareStatusNotification"
  | "SignChargePointCertificate"
  | "SignChargingStationCertificate"
  | "SignCombinedCertificate"
  | "SignV2G20Certificate"
  | "SignV2GCertificate"
  | "StatusNotification"
  | "TransactionEvent";

/** Unlock the cable of a connector. */
export interface UnlockRequest {
  /** The connector; in OCPP 2.x the EVSE. */
  readonly connectorId?: number | null;
  /** Yes, although it can lock me out or do harm. */
  readonly confirm?: boolean;
}

/** One account. */
export interface User {
  readonly username: string;
  readonly createdAt: string;
  readonly email: string | null;
  readonly language: string | null;
  readonly disabled: boolean;
  readonly lastLogin: string | null;
}

/**
 * What is to be another one; what is missing stays.
 *
 * `email` is where a link for a new password goes, `language` that of the mails. Who is disabled
 * has no access any more.
 */
export interface UserChange {
  readonly email?: string | null;
  readonly language?: string | null;
  readonly disabled?: boolean;
}

/** What happens to a payload that breaks its schema. */
export type Validation = "enforce" | "off" | "warn";

/** The actions of one OCPP version. */
export interface VersionSchemas {
  readonly version: OcppVersion;
  readonly actions: readonly ActionSchemas[];
}

/** How a caller came in; `nobody` did not. */
export type Via = "basic" | "ingress" | "nobody" | "session" | "token";

/** How long to wait for the charger. */
export interface WaitQuery {
  /** Seconds to wait for the answer. */
  readonly wait?: number | null;
}

export type LiveMessage =
  | SnapshotMessage
  | ChargerMessage
  | ChargerRemovedMessage
  | IssuesMessage
  | EventMessage
  | FrameMessage
  | GapMessage
  | ErrorMessage;

/** What each call takes and answers, by method and path. */
export interface Calls {
  readonly "GET /health": { readonly query: undefined; readonly body: undefined; readonly answer: unknown };
  readonly "GET /api/health": { readonly query: undefined; readonly body: undefined; readonly answer: HealthReport };
  readonly "GET /metrics": { readonly query: undefined; readonly body: undefined; readonly answer: unknown };
  readonly "GET /api/info": { readonly query: undefined; readonly body: undefined; readonly answer: ProxyInfo };
  readonly "GET /api/state": { readonly query: undefined; readonly body: undefined; readonly answer: LiveState };
  readonly "GET /api/traffic": { readonly query: undefined; readonly body: undefined; readonly answer: Traffic };
  readonly "GET /api/live": { readonly query: undefined; readonly body: undefined; readonly answer: unknown };
  readonly "GET /api/chargers": { readonly query: undefined; readonly body: undefined; readonly answer: readonly ChargerRow[] };
  readonly "GET /api/chargers/{charge_point_id}": { readonly query: undefined; readonly body: undefined; readonly answer: ChargerState };
  readonly "PATCH /api/chargers/{charge_point_id}": { readonly query: undefined; readonly body: ChargerPatch; readonly answer: ChargerState };
  readonly "DELETE /api/chargers/{charge_point_id}": { readonly query: undefined; readonly body: undefined; readonly answer: Done };
  readonly "POST /api/chargers/{charge_point_id}/disconnect": { readonly query: undefined; readonly body: undefined; readonly answer: Done };
  readonly "GET /api/chargers/{charge_point_id}/journal": { readonly query: JournalSearch; readonly body: undefined; readonly answer: JournalPage };
  readonly "GET /api/transactions": { readonly query: TransactionsSearch; readonly body: undefined; readonly answer: TransactionPage };
  readonly "GET /api/transactions/totals": { readonly query: TotalsQuery; readonly body: undefined; readonly answer: readonly TransactionTotal[] };
  readonly "GET /api/transactions/{transaction_row}": { readonly query: undefined; readonly body: undefined; readonly answer: TransactionDetail };
  readonly "GET /api/transactions.csv": { readonly query: TransactionsExport; readonly body: undefined; readonly answer: unknown };
  readonly "GET /api/transactions/{transaction_row}/curve.csv": { readonly query: undefined; readonly body: undefined; readonly answer: unknown };
  readonly "POST /api/chargers/{charge_point_id}/start": { readonly query: WaitQuery; readonly body: StartRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/stop": { readonly query: WaitQuery; readonly body: StopRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/pause": { readonly query: WaitQuery; readonly body: PauseRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/resume": { readonly query: WaitQuery; readonly body: ResumeRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/limit": { readonly query: WaitQuery; readonly body: LimitRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/schedule": { readonly query: WaitQuery; readonly body: ScheduleRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/clear-limit": { readonly query: WaitQuery; readonly body: ClearLimitRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/composite-schedule": { readonly query: WaitQuery; readonly body: CompositeScheduleRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/reset": { readonly query: WaitQuery; readonly body: ResetRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/unlock": { readonly query: WaitQuery; readonly body: UnlockRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/trigger": { readonly query: WaitQuery; readonly body: TriggerRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/refresh": { readonly query: WaitQuery; readonly body: RefreshRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/availability": { readonly query: WaitQuery; readonly body: AvailabilityRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/get-configuration": { readonly query: WaitQuery; readonly body: GetConfigurationRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/set-configuration": { readonly query: WaitQuery; readonly body: SetConfigurationRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/report": { readonly query: WaitQuery; readonly body: ReportRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/firmware": { readonly query: WaitQuery; readonly body: FirmwareRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/diagnostics": { readonly query: WaitQuery; readonly body: DiagnosticsRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/local-list": { readonly query: WaitQuery; readonly body: LocalListRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/local-list-version": { readonly query: WaitQuery; readonly body: LocalListVersionRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/reserve": { readonly query: WaitQuery; readonly body: ReserveRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/cancel-reservation": { readonly query: WaitQuery; readonly body: CancelReservationRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/clear-cache": { readonly query: WaitQuery; readonly body: ClearCacheRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/data-transfer": { readonly query: WaitQuery; readonly body: DataTransferRequest; readonly answer: Sent };
  readonly "POST /api/chargers/{charge_point_id}/mode": { readonly query: undefined; readonly body: ModeRequest; readonly answer: ModeSet };
  readonly "POST /api/chargers/{charge_point_id}/smart-charging": { readonly query: WaitQuery; readonly body: SmartChargingRequest; readonly answer: Sent };
  readonly "POST /api/inject/{charge_point_id}": { readonly query: WaitQuery; readonly body: InjectRequest; readonly answer: Sent };
  readonly "POST /api/exchanges/search": { readonly query: undefined; readonly body: ExchangesSearch; readonly answer: ExchangePageBody };
  readonly "GET /api/exchanges/{frame_row}": { readonly query: undefined; readonly body: undefined; readonly answer: ExchangeDetail };
  readonly "GET /api/logs": { readonly query: LogsQuery; readonly body: undefined; readonly answer: readonly FrameRow[] };
  readonly "POST /api/logs/search": { readonly query: undefined; readonly body: LogsSearch; readonly answer: readonly FrameRow[] };
  readonly "GET /api/config": { readonly query: undefined; readonly body: undefined; readonly answer: ConfigBody };
  readonly "POST /api/config": { readonly query: undefined; readonly body: ConfigPatch; readonly answer: Done };
  readonly "POST /api/config/test-csms": { readonly query: undefined; readonly body: CsmsTest; readonly answer: CsmsTestResult };
  readonly "GET /api/settings": { readonly query: undefined; readonly body: undefined; readonly answer: readonly SettingEntry[] };
  readonly "GET /api/settings/export": { readonly query: SettingsExportQuery; readonly body: undefined; readonly answer: unknown };
  readonly "POST /api/settings/import": { readonly query: undefined; readonly body: SettingsImport; readonly answer: ImportedSettings };
  readonly "GET /api/storage": { readonly query: undefined; readonly body: undefined; readonly answer: StoragePolicyBody };
  readonly "PATCH /api/storage": { readonly query: undefined; readonly body: StoragePolicyPatch; readonly answer: StoragePolicyBody };
  readonly "GET /api/id-tags": { readonly query: undefined; readonly body: undefined; readonly answer: readonly IdTagEntry[] };
  readonly "PUT /api/id-tags/{id_tag}": { readonly query: undefined; readonly body: IdTagChange; readonly answer: IdTagEntry };
  readonly "DELETE /api/id-tags/{id_tag}": { readonly query: undefined; readonly body: undefined; readonly answer: Done };
  readonly "GET /api/sign-in": { readonly query: undefined; readonly body: undefined; readonly answer: SignInInfo };
  readonly "POST /api/session": { readonly query: undefined; readonly body: SignIn; readonly answer: SessionInfo };
  readonly "GET /api/session": { readonly query: undefined; readonly body: undefined; readonly answer: SessionInfo };
  readonly "DELETE /api/session": { readonly query: undefined; readonly body: undefined; readonly answer: Done };
  readonly "GET /api/sessions": { readonly query: undefined; readonly body: undefined; readonly answer: readonly LoginSession[] };
  readonly "DELETE /api/sessions": { readonly query: SessionsQuery; readonly body: undefined; readonly answer: EndedSessions };
  readonly "DELETE /api/sessions/{session_id}": { readonly query: undefined; readonly body: undefined; readonly answer: Done };
  readonly "POST /api/password/forgot": { readonly query: undefined; readonly body: ForgottenPassword; readonly answer: ResetAsked };
  readonly "POST /api/password/reset": { readonly query: undefined; readonly body: NewPassword; readonly answer: Done };
  readonly "POST /api/change-password": { readonly query: undefined; readonly body: PasswordChange; readonly answer: PasswordChanged };
  readonly "GET /api/users": { readonly query: undefined; readonly body: undefined; readonly answer: readonly User[] };
  readonly "POST /api/users": { readonly query: undefined; readonly body: NewUser; readonly answer: Done };
  readonly "PATCH /api/users/{username}": { readonly query: undefined; readonly body: UserChange; readonly answer: Done };
  readonly "POST /api/users/{username}/password": { readonly query: undefined; readonly body: PasswordOfUser; readonly answer: Done };
  readonly "DELETE /api/users/{username}": { readonly query: undefined; readonly body: undefined; readonly answer: Done };
  readonly "GET /api/tokens": { readonly query: undefined; readonly body: undefined; readonly answer: readonly Token[] };
  readonly "POST /api/tokens": { readonly query: undefined; readonly body: NewToken; readonly answer: CreatedToken };
  readonly "POST /api/integration-token/rotate": { readonly query: undefined; readonly body: undefined; readonly answer: RotatedToken };
  readonly "DELETE /api/tokens/{token_id}": { readonly query: undefined; readonly body: undefined; readonly answer: Done };
  readonly "GET /api/mail": { readonly query: undefined; readonly body: undefined; readonly answer: MailBody };
  readonly "PATCH /api/mail": { readonly query: undefined; readonly body: MailPatch; readonly answer: MailBody };
  readonly "POST /api/mail/test": { readonly query: undefined; readonly body: MailTest; readonly answer: Done };
  readonly "GET /api/schemas": { readonly query: undefined; readonly body: undefined; readonly answer: readonly VersionSchemas[] };
  readonly "GET /api/schemas/{version}": { readonly query: undefined; readonly body: undefined; readonly answer: SchemaList };
  readonly "GET /api/schemas/{version}/{name}": { readonly query: undefined; readonly body: undefined; readonly answer: unknown };
  readonly "GET /api/simulator": { readonly query: undefined; readonly body: undefined; readonly answer: readonly SimulatorEntry[] };
  readonly "POST /api/simulator": { readonly query: undefined; readonly body: SimulatorStart; readonly answer: SimulatorEntry };
  readonly "DELETE /api/simulator/{charge_point_id}": { readonly query: undefined; readonly body: undefined; readonly answer: Done };
  readonly "GET /api/log": { readonly query: LogQuery; readonly body: undefined; readonly answer: LogTail };
  readonly "PATCH /api/log": { readonly query: undefined; readonly body: LogPatch; readonly answer: LogTail };
  readonly "GET /api/diagnostics": { readonly query: undefined; readonly body: undefined; readonly answer: unknown };
  readonly "GET /api/licences": { readonly query: undefined; readonly body: undefined; readonly answer: readonly Licence[] };
  readonly "GET /api/openapi.json": { readonly query: undefined; readonly body: undefined; readonly answer: unknown };
  readonly "GET /": { readonly query: undefined; readonly body: undefined; readonly answer: unknown };
}
