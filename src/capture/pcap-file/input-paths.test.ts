import { describe, expect, it } from 'vitest';
import { VedetteError } from '../../base/errors.ts';
import { inputError } from './input-paths.ts';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: something`), { code });

describe('errors of the operating system', () => {
  it.each([
    ['ENOENT', 'input-missing', 'x.pcap: no such file or directory; check the path'],
    ['ENOTDIR', 'input-missing', 'x.pcap: no such file or directory; check the path'],
    ['EACCES', 'input-unreadable', 'x.pcap: cannot be read (permission denied); check its permissions'],
    ['EIO', 'input-unreadable', 'x.pcap: cannot be read (input/output error); check its permissions'],
    ['EOTHER', 'input-unreadable', 'x.pcap: cannot be read (EOTHER: something); check its permissions'],
  ])('%s becomes %s', (system, code, message) => {
    expect(inputError('x.pcap', systemError(system))).toMatchObject({ code, message });
  });

  it('leave our own errors as they are', () => {
    const own = new VedetteError('input-empty', { path: 'x' });
    expect(inputError('y', own)).toBe(own);
  });
});
