import { describe, expect, test } from 'vitest';
import type { Taken } from '../../../test/build/frames.ts';
import { eavesdropper, handshake, playFrames, said } from '../../../test/build/play-frames.ts';
import type { Analyzer } from '../analyzers/analyzer.ts';

/** Payload in turns: side, second, text. */
function talk(lines: readonly (readonly ['>' | '<', number, string])[]): Taken[] {
  const seq = { '>': 1, '<': 1 };
  const start = [0, 0.01, 0.02].map((at, i) => ({ ...(handshake()[i] as Taken), at: 1_600_000_000_000_000 + at * 1e6 }));
  return [
    ...start,
    ...lines.map(([side, at, data]) => {
      const segment = said(side, 'PA', { seq: seq[side], ack: seq[side === '>' ? '<' : '>'], data, at });
      seq[side] += data.length;
      return segment;
    }),
  ];
}

/** A reverse shell: the server types, the client (the victim) answers. */
const shell = talk([
  ['>', 0.1, 'sh-4.2$ '],
  ['<', 3, 'id\n'],
  ['>', 3.05, 'uid=0(root)\nsh-4.2$ '],
  ['<', 7.5, 'cat /etc/passwd\n'],
  ['>', 7.6, `${'x'.repeat(500)}\nsh-4.2$ `],
  ['<', 9, 'exit\n'],
]);

const service: Analyzer = {
  ...eavesdropper([]),
  name: 'known',
  open: (flow) => ({ onBytes: () => flow.confirm(), onClose: () => {} }),
};

describe('an interaction row', () => {
  test('shows a person at the server side', () => {
    const [row] = playFrames(shell).rows('interaction');
    expect(row).toMatchObject({
      turns: 5,
      first_sender: 'client',
      server_prompted_turns: 2,
      server_bytes_median: 10,
      client_bytes_median: 265,
      client_prompted_turns: 0,
      client_prompts: 3,
      server_prompts: 0,
      client_head: 'sh-4.2$ uid=0(root)\\x0ash-4.2$ '.slice(0, 31) + `${'x'.repeat(256)}`.slice(0, 256 - 28),
      client_printable: 1,
    });
    expect(row?.server_gap_median).toBeCloseTo((2.9 + 4.45) / 2, 6);
    expect(row?.client_delay_median).toBeCloseTo(0.075, 6);
    expect(row?.server_gap_cv).toBeCloseTo(0.210884, 5);
  });

  test('is written for a known protocol only when the server led at least twice', () => {
    expect(playFrames(shell, { analyzers: [service] }).rows('interaction')).toHaveLength(1);
    expect(playFrames(shell.slice(0, 6), { analyzers: [service] }).rows('interaction')).toHaveLength(0);
    expect(playFrames(shell.slice(0, 6)).rows('interaction')).toHaveLength(1);
  });

  test('is written for a request of which the capture has no answer', () => {
    const request = 'GET /a HTTP/1.1\r\nHost: x\r\n\r\n';
    expect(playFrames([said('>', 'PA', { data: request })]).rows('interaction')).toMatchObject([
      { turns: 0, first_sender: 'client', client_head: request.replaceAll('\r\n', '\\x0d\\x0a') },
    ]);
    expect(playFrames([said('>', 'PA', { data: 'some other data' })]).rows('interaction')).toHaveLength(0);
  });

  test('needs both sides', () => {
    expect(
      playFrames(
        talk([
          ['>', 1, 'hello'],
          ['>', 5, 'hello?'],
        ]),
      ).rows('interaction'),
    ).toHaveLength(0);
  });

  test('has little of what is not text', () => {
    const [row] = playFrames(
      talk([
        ['>', 1, '\x00\x01'.repeat(200)],
        ['<', 2, 'ok'],
      ]),
    ).rows('interaction');
    expect(row?.client_head).toBe('\\x00\\x01'.repeat(16));
    expect(row?.client_printable).toBe(0);
  });

  test('keeps 64 samples and counts on', () => {
    const lines = Array.from({ length: 200 }, (_, i) => [i % 2 === 0 ? '<' : '>', 1 + i, 'line\n'] as const);
    const [row] = playFrames(talk(lines)).rows('interaction');
    expect(row).toMatchObject({ turns: 199, server_prompted_turns: 99, client_prompted_turns: 99, server_bytes_median: 5 });
  });
});
