import { describe, expect, it } from 'vitest';
import { describeNeeding } from '../../../test/support/machine.ts';
import type { Program } from '../command-runner.ts';
import { OutputLines } from './output-lines.ts';
import { SpawnRunner } from './spawn-runner.ts';

const runner = new SpawnRunner();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the runner of programs', () => {
  it('starts nothing that is not on the list', async () => {
    await expect(runner.run({ program: 'sh' as Program, args: ['-c', 'true'], timeoutMs: 1000 })).rejects.toThrow(/not an allowed program/);
  });

  it.each(['a;b', '../x', '-n', ''])('refuses the namespace "%s"', async (namespace) => {
    await expect(runner.run({ program: 'ip', args: [], namespace, timeoutMs: 1000 })).rejects.toThrow(/no namespace/);
  });
});

describeNeeding('the runner with real programs', { tools: ['ip'] }, () => {
  it('gives code, output and errors', async () => {
    const good = await runner.run({ program: 'ip', args: ['-o', 'link', 'show', 'lo'], timeoutMs: 5000 });
    expect(good).toMatchObject({ code: 0, truncated: false });
    expect(good.stdout).toContain('lo:');
    const bad = await runner.run({ program: 'ip', args: ['link', 'show', 'no-such;device'], timeoutMs: 5000 });
    expect(bad.code).not.toBe(0);
    expect(bad.stderr).toContain('no-such;device');
  });

  it('cuts output at its limit', async () => {
    const result = await runner.run({ program: 'ip', args: ['-o', 'link', 'show', 'lo'], timeoutMs: 5000, maxOutputBytes: 10 });
    expect(result.stdout.length).toBe(10);
    expect(result.truncated).toBe(true);
  });

  it('ends what takes too long, and what is no longer wanted', async () => {
    const late = await runner.run({ program: 'ip', args: ['monitor', 'label'], timeoutMs: 100 });
    expect(late).toMatchObject({ code: null, ended: 'timeout' });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const stopped = await runner.run({ program: 'ip', args: ['monitor'], timeoutMs: 60_000, signal: stop.signal });
    expect(stopped).toMatchObject({ code: null, ended: 'stopped' });
  });
});

describe('output in lines', () => {
  it('hands on whole lines, whatever the pieces', () => {
    const lines: string[] = [];
    const output = new OutputLines(100, (line) => lines.push(line));
    for (const piece of ['on', 'e\ntw', 'o\n\nthr', 'ee']) output.add(bytes(piece));
    expect(output.finish()).toBe('');
    expect(lines).toEqual(['one', 'two', '', 'three']);
  });

  it('keeps at most its limit', () => {
    const output = new OutputLines(5);
    output.add(bytes('four'));
    output.add(bytes('more'));
    output.add(bytes('still more'));
    expect(output.finish()).toBe('fourm');
    expect(output.truncated).toBe(true);
  });
});
