// SSH up to the point where only sizes are left to see: identification, negotiation, host key, log-in by sizes.
import { type Bytes, findLineEnd } from '../../../base/bytes.ts';
import type { EpochMicros } from '../../../base/units.ts';
import type { SshRecord } from '../../../model/records/ssh.ts';
import { CarryOver } from '../../stream/carry-over.ts';
import type { Analyzer, Flow, Session, Verdict } from '../analyzer.ts';
import { fingerprint, fingerprint1, hostKeyMessage, shortened } from './ssh-host-key.ts';
import { LoginJudge } from './ssh-login.ts';
import { type KnownOffer, SshMemory } from './ssh-memory.ts';
import { newRow } from './ssh-row.ts';
import { agreedVersion, type Spoken, spokenVersion } from './ssh-version.ts';

/** RFC 4253 §6.1 asks for 35000 bytes; room for the generous. */
const packetLimit = 1 << 18;
/** Zeek's bound, beyond which it says so. */
const announcedLimit = 1 << 23;
const oneHour = 3600e6;
const lineFeed = 10;
const carriageReturn = 13;

const message = { kexInit: 20, newKeys: 21 } as const;
/** SSH 1: the server's keys, the client's session key. */
const message1 = { publicKey: 2, sessionKey: 3 } as const;

/** Compression blurs the sizes that tell the outcome. */
const blurring = new Set(['zlib', 'zlib@openssh.com']);

class End {
  readonly unread = new CarryOver(packetLimit + 4);
  identified = false;
  skipsLineFeed = false;
  encrypted = false;
  spoken: Spoken;
  offer: KnownOffer | undefined;
}

class SshSession implements Session {
  readonly #flow: Flow;
  readonly #memory: SshMemory;
  #client = new End();
  #server = new End();
  readonly #login = new LoginJudge();
  #row: SshRecord | undefined;
  #written = false;
  #finished = false;

  constructor(flow: Flow, memory: SshMemory) {
    this.#flow = flow;
    this.#memory = memory;
    if (!flow.seenFromStart) this.#finish();
  }

  onBytes(fromClient: boolean, bytes: Bytes, start: number, end: number, at: EpochMicros): void {
    if (this.#finished) return;
    const self = fromClient ? this.#client : this.#server;
    if (self.encrypted) {
      this.#judge(fromClient, end - start);
      return;
    }
    self.unread.open(bytes, start, end);
    this.#read(fromClient, self, at);
    if (self.encrypted) {
      const length = self.unread.end - self.unread.position;
      self.unread.position = self.unread.end;
      if (length > 0) this.#judge(fromClient, length);
    }
    if (!self.unread.close()) this.#finish();
  }

  #read(fromClient: boolean, self: End, at: EpochMicros): void {
    const { unread } = self;
    while (!this.#finished && !self.encrypted && unread.position < unread.end) {
      if (self.skipsLineFeed && this.#skippedLineFeed(self)) continue;
      if (!(self.identified ? this.#readPacket(fromClient, self) : this.#readLine(fromClient, self, at))) return;
    }
  }

  /** Zeek gives up on the whole connection: sizes mean nothing once bytes are missing. */
  onGap(): void {
    this.#finish();
  }

  onFlip(): void {
    [this.#client, this.#server] = [this.#server, this.#client];
  }

  onClose(): void {
    this.#write();
  }

  /** Nothing more will be learnt; the row, if any, waits for the connection's end. */
  #finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    this.#flow.done();
  }

  /** The second half of a line end, whichever segment it comes in. */
  #skippedLineFeed(self: End): boolean {
    self.skipsLineFeed = false;
    const { unread } = self;
    if (unread.bytes.u8[unread.position] !== lineFeed) return false;
    unread.position++;
    return true;
  }

  /** One line of the identification phase. @returns false when it is not complete. */
  #readLine(fromClient: boolean, self: End, at: EpochMicros): boolean {
    const { unread } = self;
    const { bytes, position: start } = unread;
    const stop = findLineEnd(bytes, start, unread.end);
    if (stop === unread.end) return false;
    self.skipsLineFeed = bytes.u8[stop] === carriageReturn;
    unread.position = stop + 1;
    if (bytes.latin1(start, Math.min(stop, start + 4)) === 'SSH-') {
      self.identified = true;
      self.spoken = spokenVersion(bytes.latin1(start, Math.min(stop, start + 8)));
      this.#name(fromClient, bytes.text(start, stop), at);
    } else if (fromClient) this.#finish();
    // What a server says before its identification is for people. RFC 4253 §4.2.
    return true;
  }

  #name(fromClient: boolean, banner: string, at: EpochMicros): void {
    this.#row ??= newRow(this.#flow, at);
    const row = this.#row;
    if (fromClient) row.client = banner;
    else row.server = banner;
    if (row.client === undefined || row.server === undefined) return;
    row.version = agreedVersion(this.#client.spoken, this.#server.spoken);
    if (row.version !== undefined) return;
    const understood = this.#client.spoken !== undefined && this.#server.spoken !== undefined;
    this.#flow.weird(understood ? 'SSH_version_mismatch' : 'SSH_cannot_determine_version', `${row.server} vs ${row.client}`);
  }

  /** One packet of the negotiation. @returns false when it is not complete. */
  #readPacket(fromClient: boolean, self: End): boolean {
    const { unread } = self;
    if (unread.end - unread.position < 4) return false;
    const length = unread.bytes.view.getUint32(unread.position);
    if (length > packetLimit) {
      this.#refuse(length);
      return false;
    }
    const version = this.#versionFor(self);
    if (version === undefined) {
      this.#finish();
      return false;
    }
    return version === 1 ? this.#readPacket1(self, length) : this.#readPacket2(fromClient, self, length);
  }

  /** An end may go on with its offer before the other has said its version. */
  #versionFor(self: End): 1 | 2 | undefined {
    if (this.#client.identified && this.#server.identified) return agreedVersion(this.#client.spoken, this.#server.spoken);
    return self.spoken === 1.99 ? 2 : self.spoken;
  }

  #refuse(length: number): void {
    if (length > announcedLimit) {
      this.#flow.markHistory('X');
      this.#flow.weird('SSH_max_packet_length_exceeded', `${length} > ${announcedLimit}`);
    }
    this.#finish();
  }

  #readPacket2(fromClient: boolean, self: End, length: number): boolean {
    const { unread } = self;
    const start = unread.position + 4;
    const end = start + length;
    if (end > unread.end) return false;
    const { u8 } = unread.bytes;
    const padding = u8[start] ?? 0;
    if (length < 2 + padding) {
      this.#finish();
      return false;
    }
    unread.position = end;
    this.#take(fromClient, self, u8[start + 1] ?? 0, start + 2, end - padding);
    return true;
  }

  #take(fromClient: boolean, self: End, type: number, start: number, end: number): void {
    const { bytes } = self.unread;
    if (type === message.newKeys) {
      self.encrypted = true;
      this.#confirm();
    } else if (type === message.kexInit) {
      if (self.offer !== undefined) return;
      self.offer = this.#memory.offer(bytes, start, end);
      if (self.offer === undefined) this.#finish();
      else this.#compare(fromClient, self.offer);
    } else if (!fromClient && this.#row?.kex_alg !== undefined && type === hostKeyMessage(this.#row.kex_alg) && start + 4 <= end) {
      const length = bytes.view.getUint32(start);
      if (length <= end - start - 4) this.#fingerprint(fingerprint(this.#flow.platform, bytes, start + 4, start + 4 + length));
    }
  }

  #compare(fromClient: boolean, offer: KnownOffer): void {
    const row = this.#row;
    if (row === undefined) return;
    const hash = offer.hassh(fromClient, this.#flow.platform);
    if (fromClient) row.hassh = hash;
    else row.hassh_server = hash;
    const client = this.#client.offer;
    const server = this.#server.offer;
    if (client === undefined || server === undefined) return;
    const chosen = client.negotiate(server);
    row.kex_alg = chosen.kex;
    row.host_key_alg = chosen.hostKey;
    row.cipher_alg = chosen.cipher;
    row.mac_alg = chosen.mac;
    row.compression_alg = chosen.compression;
  }

  /** SSH 1: padding to a multiple of 8 comes first; both ends encrypt after their one message. */
  #readPacket1(self: End, length: number): boolean {
    const { unread } = self;
    const start = unread.position + 4 + 8 - (length % 8);
    const end = start + length;
    if (end > unread.end) return false;
    unread.position = end;
    self.encrypted = true;
    const type = unread.bytes.u8[start];
    if (type === message1.sessionKey) this.#confirm();
    else if (type === message1.publicKey) this.#fingerprint(fingerprint1(this.#flow.platform, unread.bytes, start + 1, end));
    return true;
  }

  #fingerprint(whole: string | undefined): void {
    if (whole === undefined || this.#row === undefined) return;
    this.#row.host_key_fingerprint = shortened(whole);
    this.#row.host_key_sha256 = whole;
  }

  #confirm(): void {
    this.#flow.confirm();
    this.#flow.setInactivity(oneHour);
  }

  #judge(fromClient: boolean, length: number): void {
    const row = this.#row;
    if (row?.version !== 2) return;
    const step = this.#login.segment(fromClient, length);
    if (step === 'nothing') return;
    if (!blurring.has(row.compression_alg ?? '')) {
      row.auth_success = step === 'success';
      row.auth_attempts++;
    }
    if (step === 'failure') return;
    this.#write();
    this.#finish();
  }

  #write(): void {
    if (this.#row === undefined || this.#written) return;
    this.#written = true;
    this.#flow.emit('ssh', this.#row);
  }
}

const prefix1 = Uint8Array.from('SSH-1.', (letter) => letter.charCodeAt(0));
const prefix2 = Uint8Array.from('SSH-2.', (letter) => letter.charCodeAt(0));
const upper = (byte: number): number => (byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);

/** `SSH-1.` or `SSH-2.`, in any case. */
function probeIdentification({ u8 }: Bytes, start: number, end: number): Verdict {
  const last = Math.min(end, start + prefix1.length);
  for (let i = start; i < last; i++) {
    const byte = upper(u8[i] ?? 0);
    if (byte !== prefix1[i - start] && byte !== prefix2[i - start]) return 'no';
  }
  return last - start < prefix1.length ? 'more' : 'yes';
}

const withMemory = (memory: SshMemory): Analyzer => ({
  name: 'ssh',
  transports: ['tcp'],
  ports: { tcp: [22] },
  spec: 'RFC 4250-4254, RFC 4419, RFC 4462, RFC 5656, RFC 8731; HASSH',
  bothSides: true,
  probe: (_fromClient, bytes, start, end) => probeIdentification(bytes, start, end),
  open: (flow) => new SshSession(flow, memory),
  instance: () => withMemory(new SshMemory()),
});

/** Secure Shell: ssh.log with version, algorithms, host key, log-in outcome, HASSH. */
export const ssh: Analyzer = withMemory(new SshMemory());
