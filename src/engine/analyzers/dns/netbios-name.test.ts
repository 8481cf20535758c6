import { describe, expect, it } from 'vitest';
import { decodeNetbiosName, NetbiosNames } from './netbios-name.ts';

describe('decodeNetbiosName', () => {
  it('decodes names and drops spaces and the kind of service', () => {
    expect(decodeNetbiosName('ejfdebfeebfacacacacacacacacacaaa')).toBe('ISATAP');
    expect(decodeNetbiosName('fhepfcelehfcepfffacacacacacacabl')).toBe('WORKGROUP');
  });

  it('keeps the two low bytes that browsers announce themselves with', () => {
    expect(decodeNetbiosName('abacfpfpenfdecfcepfhfdeffpfpacab')).toBe('\\x01\\x02__MSBROWSE__\\x02');
  });

  it('refuses other lengths, other letters and spaces alone', () => {
    expect(decodeNetbiosName('ejfd')).toBe('');
    expect(decodeNetbiosName('zjfdebfeebfacacacacacacacacacaaa')).toBe('');
    expect(decodeNetbiosName('ca'.repeat(16))).toBe('');
  });

  it('lets a name that is not encoded stand for itself', () => {
    expect(new NetbiosNames().text('wpad')).toBe('wpad');
  });
});
