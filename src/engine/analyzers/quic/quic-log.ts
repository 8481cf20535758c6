// One row of quic.log while it comes about, as the script layer of Zeek 8.2.2 does it.
import type { Bytes } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import type { QuicRecord } from '../../../model/records/quic.ts';
import { connectionFields, type Flow } from '../analyzer.ts';
import { quicVersion1, quicVersion2 } from './initial-keys.ts';
import type { LongHeader } from './long-header.ts';

const maxHistory = 100;

/** Zeek's names. Its draft-31 is printed as draft-30. */
function versionName(version: number): string {
  if (version === quicVersion1) return '1';
  if (version === quicVersion2) return 'quicv2';
  const draft = version - 0xff000000;
  if (draft >= 22 && draft <= 34) return `draft-${draft === 31 ? 30 : draft}`;
  const hex = version.toString(16);
  return /^faceb0(01|02|0e|11|12|13)$/.test(hex) ? `mvfst (${hex})` : `unknown-${hex}`;
}

function idHex(bytes: Bytes, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += bytes.view.getUint8(i).toString(16).padStart(2, '0');
  return text;
}

interface OpenRow {
  readonly startedAt: EpochMicros;
  readonly version: string;
  initialDestination: string | undefined;
  clientSource: string | undefined;
  serverSource: string | undefined;
  serverName: string | undefined;
  protocol: string | undefined;
  ja4: string | undefined;
  history: string;
}

/** Rows of one UDP connection: a Retry and a CONNECTION_CLOSE end a row, what follows begins another. */
export class QuicLog {
  readonly #flow: Flow;
  #row: OpenRow | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  get isOpen(): boolean {
    return this.#row !== undefined;
  }

  /** Takes the connection ids of a long header, and begins a row where there is none. */
  see(fromClient: boolean, bytes: Bytes, header: LongHeader, at: EpochMicros): void {
    this.#row ??= {
      startedAt: at,
      version: versionName(header.version),
      initialDestination: undefined,
      clientSource: undefined,
      serverSource: undefined,
      serverName: undefined,
      protocol: undefined,
      ja4: undefined,
      history: '',
    };
    const row = this.#row;
    const source = idHex(bytes, header.sourceStart, header.sourceEnd);
    if (!fromClient) {
      row.serverSource = source;
      return;
    }
    row.clientSource = source;
    if (header.destinationEnd > header.destinationStart) {
      row.initialDestination ??= idHex(bytes, header.destinationStart, header.destinationEnd);
    }
  }

  /** Appends a letter, upper case from the client. */
  mark(letter: string, fromClient: boolean): void {
    const row = this.#row;
    if (row === undefined || row.history.length >= maxHistory) return;
    row.history += fromClient ? letter.toUpperCase() : letter;
    if (row.history.length === maxHistory) this.#flow.weird('QUIC_max_history_length_reached');
  }

  offer(serverName: string | undefined, protocol: string | undefined, ja4: string | undefined): void {
    const row = this.#row;
    if (row === undefined) return;
    row.serverName = serverName ?? row.serverName;
    row.protocol = protocol ?? row.protocol;
    row.ja4 = ja4;
  }

  /** Writes the row, if one is open. */
  write(): void {
    const row = this.#row;
    if (row === undefined) return;
    this.#row = undefined;
    const record: QuicRecord = {
      ...connectionFields(this.#flow, row.startedAt),
      version: row.version,
      client_initial_dcid: row.initialDestination,
      client_scid: row.clientSource,
      server_scid: row.serverSource,
      server_name: row.serverName,
      client_protocol: row.protocol,
      history: row.history,
      ja4: row.ja4,
      context: this.#flow.context,
    };
    this.#flow.emit('quic', record);
  }
}
