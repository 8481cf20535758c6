import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { progressLine } from './progress-line.ts';

function terminal(isTTY: boolean): { readonly stream: NodeJS.WriteStream; readonly written: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk, _, done) {
      text += String(chunk);
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY }) as unknown as NodeJS.WriteStream, written: () => text };
}

it('shows how far a scan is on a terminal, and takes it away at the end', () => {
  const { stream, written } = terminal(true);
  const line = progressLine(stream);
  line.show({ done: 1200, total: 2500, task: 'SYN Stealth Scan', share: 0.425, secondsLeft: 70 });
  expect(written()).toContain('1,200 of 2,500 addresses; SYN Stealth Scan 42 %, 70 s left');
  line.clear();
  expect(written().endsWith('\r\u001b[K')).toBe(true);
});

it('is silent where nobody looks', () => {
  const { stream, written } = terminal(false);
  const line = progressLine(stream);
  line.show({ done: 1, total: 2, task: 'x' });
  line.clear();
  expect(written()).toBe('');
});
