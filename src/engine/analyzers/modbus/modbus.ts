// Modbus over TCP at its port: recognised by a whole message of either side.
import type { Bytes } from '../../../base/bytes.ts';
import { FrameSession, needMore, notThis } from '../../stream/frame-session.ts';
import type { Analyzer } from '../analyzer.ts';

/** Transaction, protocol (always 0) and length; the length counts from the unit number on. */
const prefixLength = 6;
const longestMessage = 260;

class ModbusSession extends FrameSession {
  protected frameLength(_fromClient: boolean, bytes: Bytes, start: number, end: number): number {
    if (end - start < prefixLength) return needMore;
    const length = bytes.view.getUint16(start + 4);
    return bytes.view.getUint16(start + 2) !== 0 || length < 2 || length > longestMessage ? notThis : prefixLength + length;
  }

  protected frame(): void {
    this.flow.confirm();
    this.finish();
  }
}

/** Modbus/TCP. */
export const modbus: Analyzer = {
  name: 'modbus',
  transports: ['tcp'],
  ports: { tcp: [502] },
  spec: 'MODBUS Messaging on TCP/IP Implementation Guide 1.0b',
  probe: () => 'no',
  open: (flow) => new ModbusSession(flow, longestMessage + prefixLength),
};
