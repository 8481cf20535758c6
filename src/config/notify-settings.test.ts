import { expect, it } from 'vitest';
import { type ChannelSettings, channelProblem } from './notify-settings.ts';

const smtp: ChannelSettings = { type: 'smtp', host: 'mail.example.org', from: 'vedette@example.org', to: ['soc@example.org'] };

it.each<[ChannelSettings, RegExp | undefined]>([
  [smtp, undefined],
  [{ ...smtp, user: 'v', passwordEnv: 'P' }, undefined],
  [{ ...smtp, user: 'v' }, /user together with/],
  [{ ...smtp, user: 'v', passwordEnv: 'P', security: 'none' }, /in the clear/],
  [{ ...smtp, passwordEnv: 'P', passwordFile: 'f', user: 'v' }, /twice/],
  [{ ...smtp, to: [] }, /needs to/],
  [{ ...smtp, to: ['a@example.org, b@example.org'] }, /not a mailbox/],
  [{ ...smtp, from: 'v@example.org\r\nBcc: x@example.org' }, /needs from/],
  [{ ...smtp, to: ['Name <a@example.org>'] }, /not a mailbox/],
  [{ ...smtp, urlEnv: 'X' }, /has no key urlEnv/],
  [{ type: 'webhook', url: 'https://example.org', secretEnv: 'S' }, undefined],
  [{ type: 'webhook', url: 'https://example.org', urlEnv: 'S' }, /needs one of url/],
  [{ type: 'slack', urlFile: '/run/secrets/slack' }, undefined],
  [{ type: 'slack', url: 'https://hooks.slack.example/T/B/x' } as ChannelSettings, /has no key url/],
  [{ type: 'syslog', host: '::1', format: 'cef', transport: 'tls' }, undefined],
  [{ type: 'syslog' }, /needs host/],
])('%j: %s', (channel, problem) => {
  if (problem === undefined) expect(channelProblem(channel)).toBeUndefined();
  else expect(channelProblem(channel)).toMatch(problem);
});
