import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from './visible.ts';

describe('visible', () => {
  it.each([
    ['a\u202egpj.exe', 'a⟨U+202E⟩gpj.exe'],
    ['\u001b[31mred', '⟨U+001B⟩[31mred'],
    ['pay\u200bload', 'pay⟨U+200B⟩load'],
    ['line\nbreak\u2028', 'line⟨U+000A⟩break⟨U+2028⟩'],
    ['\u{e0041}', '⟨U+E0041⟩'],
    ['\ud800', '⟨U+D800⟩'],
    ['æøå 日本 😀', 'æøå 日本 😀'],
  ])('shows %j as %j', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('cuts what is too long, and says so', () => {
    expect(visible('x'.repeat(30), 10)).toBe(`${'x'.repeat(10)}…`);
  });

  it('leaves no control character, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});
