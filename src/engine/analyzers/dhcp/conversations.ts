// DHCP conversations: messages of several connections with one transaction identifier become one row, as Zeek joins them.
import { formatIpv4 } from '../../../base/ip.ts';
import { type EpochMicros, epochMicros, secondsBetween } from '../../../base/units.ts';
import type { RecordRow } from '../../../model/records/index.ts';
import type { AnalyzerHost, Flow } from '../analyzer.ts';
import type { DhcpMessage } from './message.ts';

/** A conversation is looked at when it is ten seconds old, and each five seconds from then on. */
const FIRST_LOOK = 10;
const NEXT_LOOK = 5;
/** All conversations are gone through each ten seconds. Microseconds. */
const ROUND = 10_000_000;
/** Silence, and age, at which a conversation is written. Microseconds. */
const MAX_SILENCE = 5_000_000;
const MAX_AGE = 30_000_000;
/** Connections, and messages, at which a row is full. */
const MAX_UIDS = 10;
const MAX_MESSAGES = 50;
/** Most conversations at a time; the oldest is written before its time when one more begins. */
const MAX_CONVERSATIONS = 16384;

const CLIENT_PORT = 68;
const SERVER_PORT = 67;

const typeNames = (
  '- DISCOVER OFFER REQUEST DECLINE ACK NAK RELEASE INFORM FORCERENEW LEASEQUERY LEASEUNASSIGNED LEASEUNKNOWN LEASEACTIVE ' +
  'BULKLEASEQUERY LEASEQUERYDONE ACTIVELEASEQUERY LEASEQUERYSTATUS TLS'
).split(' ');

const typeName = (type: number): string => (type === 0 ? undefined : typeNames[type]) ?? `unknown-message-type-${type}`;

/** The transaction identifier, behind the network context where there is one: two tenants may use one identifier. */
type Key = number | string;

interface Conversation {
  readonly key: Key;
  readonly row: RecordRow<'dhcp'>;
  readonly uids: string[];
  readonly types: string[];
  lastAt: EpochMicros;
  /** Whole seconds since the first packet from which ten seconds are counted to the next look. */
  lookFrom: number;
  /** The client's address field, for when no message names it better. */
  clientHardware: string | undefined;
}

/** All open conversations of an engine. Bounded in number and age. */
export class Conversations {
  readonly #host: AnalyzerHost;
  readonly #open = new Map<Key, Conversation>();
  #startedAt: EpochMicros | undefined;

  constructor(host: AnalyzerHost) {
    this.#host = host;
    host.wake(epochMicros(0));
  }

  /** Adds a message. */
  add(flow: Flow, fromClient: boolean, message: DhcpMessage, at: EpochMicros): void {
    const { context, uid } = flow;
    const key = context === undefined ? message.transactionId : `${context} ${message.transactionId}`;
    const conversation = this.#open.get(key) ?? this.#begin(key, context, at);
    const { row, uids, types } = conversation;
    row.duration = secondsBetween(row.ts, at);
    conversation.lastAt = at;
    if (!uids.includes(uid)) uids.push(uid);
    types.push(typeName(message.type));
    const isClient = fromClient && (flow.clientAddress === '0.0.0.0' || flow.clientPort === CLIENT_PORT || flow.serverPort === SERVER_PORT);
    if (isClient) noteClient(conversation, flow, message);
    else noteServer(conversation, flow, fromClient, message);
    if (uids.length < MAX_UIDS && types.length < MAX_MESSAGES) return;
    this.#host.emit('dhcp', row);
    this.#open.delete(key);
  }

  /** Writes the conversations that are over. `now`: the time of a packet. */
  onTime(now: EpochMicros): void {
    this.#startedAt ??= now;
    const seconds = (now - this.#startedAt) / 1e6;
    for (const conversation of this.#open.values()) {
      if (conversation.lookFrom + FIRST_LOOK >= seconds) continue;
      if (now - conversation.lastAt > MAX_SILENCE || now - conversation.row.ts > MAX_AGE) this.#end(conversation);
      else conversation.lookFrom = Math.trunc(seconds - FIRST_LOOK + NEXT_LOOK);
    }
    this.#host.wake(epochMicros(now + ROUND));
  }

  /** Writes all that is left. */
  finish(): void {
    for (const conversation of this.#open.values()) this.#end(conversation);
  }

  #begin(key: Key, context: string | undefined, at: EpochMicros): Conversation {
    if (this.#open.size >= MAX_CONVERSATIONS) {
      const oldest = this.#open.values().next().value;
      if (oldest !== undefined) this.#end(oldest);
    }
    const uids: string[] = [];
    const types: string[] = [];
    const row: RecordRow<'dhcp'> = {
      ts: at,
      uids,
      client_addr: undefined,
      server_addr: undefined,
      mac: undefined,
      host_name: undefined,
      client_fqdn: undefined,
      domain: undefined,
      requested_addr: undefined,
      assigned_addr: undefined,
      lease_time: undefined,
      client_message: undefined,
      server_message: undefined,
      msg_types: types,
      duration: 0,
      context,
    };
    const lookFrom = Math.trunc((at - (this.#startedAt ?? at)) / 1e6);
    const conversation: Conversation = { key, row, uids, types, lastAt: at, lookFrom, clientHardware: undefined };
    this.#open.set(key, conversation);
    return conversation;
  }

  #end(conversation: Conversation): void {
    conversation.row.mac ??= conversation.clientHardware;
    this.#host.emit('dhcp', conversation.row);
    this.#open.delete(conversation.key);
  }
}

function noteClient(conversation: Conversation, flow: Flow, message: DhcpMessage): void {
  const { row } = conversation;
  row.client_message = message.message ?? row.client_message;
  if (flow.clientAddress !== '0.0.0.0' && flow.clientAddress !== '255.255.255.255') row.client_addr = flow.clientAddress;
  row.host_name = message.hostName ?? row.host_name;
  row.client_fqdn = message.clientFqdn ?? row.client_fqdn;
  if (message.clientIdAddress !== undefined) row.mac = message.clientIdAddress;
  else conversation.clientHardware = message.hardwareAddress;
  if (message.requestedAddress !== undefined) row.requested_addr = formatIpv4(message.requestedAddress);
}

function noteServer(conversation: Conversation, flow: Flow, fromClient: boolean, message: DhcpMessage): void {
  const { row } = conversation;
  row.server_message = message.message ?? row.server_message;
  if (message.hardwareAddress !== '') row.mac ??= message.hardwareAddress;
  if (message.yourAddress !== 0) {
    // A server that broadcasts opened the "connection"; else it answered on the client's.
    row.server_addr = fromClient ? flow.clientAddress : flow.serverAddress;
    row.assigned_addr = formatIpv4(message.yourAddress);
  }
  row.client_addr ??= row.assigned_addr;
  row.domain = message.domainName ?? row.domain;
  row.lease_time = message.leaseTime ?? row.lease_time;
}
