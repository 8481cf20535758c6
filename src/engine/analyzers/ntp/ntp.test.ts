import { describe, expect, it } from 'vitest';
import { FakeFlow } from '../../../../test/build/fake-flow.ts';
import { bytesOf, inBuffer, long, type Part, randomSource, short } from '../../../../test/build/wire-bytes.ts';
import { epochMicros } from '../../../base/units.ts';
import type { Flow } from '../analyzer.ts';
import { ntp } from './ntp.ts';

const AT = epochMicros(1_700_000_000_000_000);
/** 2020-09-13T12:26:40 as NTP counts it, and half a second. */
const halfPast = [...long(1_600_000_000 + 2_208_988_800), ...long(0x80000000)];
const never = new Array<number>(8).fill(0);

/** A packet of version 4; the parts behind it are extension fields and the like. */
function packet(mode: number, options: { stratum?: number; referenceId?: Part } = {}, ...behind: Part[]): Uint8Array {
  const { stratum = 2, referenceId = [192, 0, 2, 1] } = options;
  const head = [0x20 | mode, stratum, 6, 0xec];
  // Root delay 1.5 s, dispersion 1/4 s; reference, origin, receive, transmit time.
  return bytesOf(
    head,
    short(1),
    short(0x4000 * 2 - 1 - 0x3fff),
    short(0),
    short(0x4000),
    referenceId,
    halfPast,
    never,
    never,
    halfPast,
    ...behind,
  );
}

function play(content: Uint8Array, fromClient = true, values: Partial<Flow> = {}): FakeFlow {
  const flow = new FakeFlow('ntp', { transport: 'udp', serverPort: 123, ...values });
  const session = ntp.open(flow, true);
  const { bytes, start, end } = inBuffer(content);
  session.onBytes(fromClient, bytes, start, end, AT);
  session.onClose(AT);
  return flow;
}

describe('NTP', () => {
  it('makes a row of a packet with times', () => {
    const flow = play(packet(3));
    expect(flow.services).toEqual(['ntp']);
    expect(flow.rows.map((entry) => entry.row)).toMatchObject([
      {
        ts: AT,
        'id.resp_p': 123,
        version: 4,
        mode: 3,
        stratum: 2,
        poll: 64,
        precision: 2 ** -20,
        root_delay: 1.25,
        root_disp: 0.25,
        ref_id: '192.0.2.1',
        ref_time: 1_600_000_000_500_000,
        org_time: 0,
        xmt_time: 1_600_000_000_500_000,
        num_exts: 0,
      },
    ]);
  });

  it('prints the reference as characters for the lowest strata', () => {
    expect(play(packet(4, { stratum: 1, referenceId: 'GPS\0' }), false).rows[0]?.row['ref_id']).toBe('GPS\\x00');
    expect(play(packet(4, { stratum: 0, referenceId: 'RATE' }), false).rows[0]?.row['ref_id']).toBe('RATE');
  });

  it('reads both halves of short times as signed, as Zeek does', () => {
    const content = packet(3);
    content.set([0, 0, 0xc0, 0], 8);
    expect(play(content).rows[0]?.row['root_disp']).toBe(-0.25);
  });

  it('turns the connection round when a server speaks as client', () => {
    expect(play(packet(4)).flips).toBe(1);
    expect(play(packet(3), false).flips).toBe(1);
    expect(play(packet(4), false).flips).toBe(0);
  });

  it('writes the reserved mode without times, and no row for control and private packets', () => {
    expect(play(bytesOf(0x20)).rows[0]?.row).toMatchObject({ version: 4, mode: 0, stratum: undefined, num_exts: 0 });
    const control = play(bytesOf(0x16, 2, new Array<number>(10).fill(0)));
    const monlist = play(bytesOf(0x17, 0, 3, 42, short(0)));
    for (const flow of [control, monlist]) expect([flow.rows.length, flow.services]).toEqual([0, ['ntp']]);
  });

  it('counts extension fields before an authentication code', () => {
    const extension = bytesOf([2, 1], short(28), short(0), long(0), long(0), long(2), [7, 7], long(0), [0, 0, 0, 0]);
    expect(play(packet(3, {}, extension)).rows[0]?.row['num_exts']).toBe(1);
    expect(play(packet(3, {}, extension, new Array<number>(20).fill(1))).rows[0]?.row['num_exts']).toBe(1);
    expect(play(packet(3, {}, new Array<number>(24).fill(1))).rows[0]?.row['num_exts']).toBe(0);
  });

  it('refuses what is cut short or has no whole extension field', () => {
    for (const content of [
      packet(3).subarray(0, 47),
      packet(3, {}, new Array<number>(25).fill(1)),
      bytesOf(0x16, 2),
      bytesOf(0x17, 0x80, 3, 42, short(0)),
    ]) {
      const flow = play(content);
      expect([flow.rows.length, flow.rejected !== undefined]).toEqual([0, true]);
    }
  });

  it('survives every truncation and ten thousand random packets', () => {
    const whole = packet(3, {}, new Array<number>(40).fill(1));
    for (let length = 0; length <= whole.length; length++) play(whole.subarray(0, length));
    const random = randomSource(123);
    for (let round = 0; round < 10_000; round++) {
      play(
        Uint8Array.from({ length: Math.floor(random() * 120) }, () => Math.floor(random() * 256)),
        random() < 0.5,
      );
    }
  });
});
