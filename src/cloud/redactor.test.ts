import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor, Secret } from './redactor.ts';

describe('Redactor', () => {
  it.each([
    ['{"auth": {"password": "s\\"3cret", "user": "a"}}', '{"auth": {"password": [secret], "user": "a"}}'],
    ['X-Auth-Token: abc.def', 'X-Auth-Token: [secret]'],
    ['https://bob:pw@cloud.example/v3', 'https://[secret]@cloud.example/v3'],
    ["'application_credential_secret': 'x y'", "'application_credential_secret': [secret]"],
    [`token gAAAAABl${'aZ0_'.repeat(20)}== is stale`, 'token [secret] is stale'],
    ['No image found with ID 7', 'No image found with ID 7'],
  ])('%s', (text, clean) => {
    expect(new Redactor().redact(text)).toBe(clean);
  });

  it('takes known secrets out in every way of writing', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.string(), (secret, around) => {
        fc.pre(!'[secret]'.includes(secret) && !around.includes(secret));
        const redactor = new Redactor();
        redactor.add(secret);
        const shown = redactor.redact(`${around} ${secret} ${JSON.stringify({ a: secret })} ${encodeURIComponent(secret)}`);
        expect(shown.replaceAll('[secret]', '')).not.toContain(secret.trim().length < 4 ? secret : secret.trim());
      }),
    );
  });

  it('remembers a bounded number of secrets, the newest', () => {
    const redactor = new Redactor();
    for (let i = 0; i < 1000; i++) redactor.add(`secret-number-${i}-`);
    expect(redactor.redact('secret-number-999- secret-number-0-')).toBe('[secret] secret-number-0-');
  });

  it('hides a Secret from every printer', () => {
    const secret = new Secret('hunter2');
    expect(`${secret}${JSON.stringify({ secret })}${inspect({ secret }, { depth: 9, showHidden: true })}`).not.toContain('hunter2');
    expect(secret.reveal()).toBe('hunter2');
  });
});
