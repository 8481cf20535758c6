// MQTT: recognised by the client's CONNECT.
import type { Bytes } from '../../../base/bytes.ts';
import { FrameSession, needMore, notThis } from '../../stream/frame-session.ts';
import { lacksLineFeed } from '../../stream/text-probe.ts';
import type { Analyzer, Verdict } from '../analyzer.ts';

const connect = 0x10;
/** Longest CONNECT that is believed (identifier, will, user name, password). */
const longestConnect = 1 << 16;

/** Bytes of the fixed header and what follows it; the length has up to four bytes of seven bits. MQTT 3.1.1 §2.2.3. */
function packetLength(bytes: Bytes, start: number, end: number): number {
  let length = 0;
  for (let i = 0; i < 4; i++) {
    const at = start + 1 + i;
    if (at >= end) return needMore;
    const byte = bytes.u8[at] ?? 0;
    length += (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return length > longestConnect ? notThis : 2 + i + length;
  }
  return notThis;
}

class MqttSession extends FrameSession {
  protected frameLength(fromClient: boolean, bytes: Bytes, start: number, end: number): number {
    if (!fromClient) return end - start;
    return bytes.u8[start] === connect ? packetLength(bytes, start, end) : notThis;
  }

  protected frame(fromClient: boolean, bytes: Bytes, start: number, end: number): void {
    if (!fromClient) return;
    const head = bytes.latin1(start, Math.min(end, start + 16));
    if (!head.includes('\0\x04MQTT') && !head.includes('\0\x06MQIsdp')) this.refuse('no protocol name');
    else {
      this.flow.confirm();
      this.finish();
    }
  }
}

/** The protocol's name within the first bytes. */
function probe(_fromClient: boolean, bytes: Bytes, start: number, end: number): Verdict {
  if (end - start < 9) return 'more';
  const at = bytes.latin1(start + 4, start + 9).indexOf('MQ');
  return at >= 0 && lacksLineFeed(bytes, start, start + 4 + at) ? 'yes' : 'no';
}

/** MQTT. */
export const mqtt: Analyzer = {
  name: 'mqtt',
  transports: ['tcp'],
  ports: { tcp: [1883] },
  spec: 'MQTT 3.1.1, MQTT 5.0',
  probe,
  open: (flow) => new MqttSession(flow, longestConnect),
};
