// A notification whose texts try everything that a channel must neutralise.
import type { Notification } from '../../src/model/notification.ts';

/** Header injection, terminal escapes, mark-up, mentions, bars, equals signs, brackets, direction marks. */
export const nasty = 'x\r\nBcc: victim@example.org\r\n\r\n\u001b[31m<img src=x onerror=alert(1)> <!channel> & | = \\ "]\u202eevil\u0000';

/** With nasty text in every field. */
export const nastyNotification: Notification = {
  ...{ id: '0b0f7c1e-1111-4222-8333-444455556666', at: '2026-11-29T10:00:00.000Z', caseId: 'case-2026-001', status: 'open' },
  ...{
    title: `Shell ${nasty}`,
    severity: 'critical',
    machines: [`web ${nasty}`],
    findingCount: 2,
    open: ['Patch'],
    message: `look\n${nasty}`,
  },
  findings: [
    {
      ...{ id: 'D31-1', detector: 'D31-interactive-shell', title: `Reverse shell ${nasty}`, severity: 'high', subject: '10.0.1.12' },
      ...{ summary: nasty, firstSeen: '2026-11-29T09:00:00.000000Z', lastSeen: '2026-11-29T09:01:00.000000Z' },
    },
    {
      ...{ id: 'D02-1', detector: 'D02-port-scan', title: 'Port scan', severity: 'medium', subject: 'web-1', summary: 'scanned' },
      ...{ firstSeen: '2026-11-29T09:00:00.000000Z', lastSeen: '2026-11-29T09:01:00.000000Z' },
    },
  ],
};
