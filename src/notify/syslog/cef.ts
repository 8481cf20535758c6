// ArcSight's Common Event Format, version 0: a header of bars, an extension of key=value.
import type { Severity } from '../../model/finding.ts';
import type { Notification, NotifiedFinding } from '../../model/notification.ts';
import { plain } from '../message-text.ts';

/** In the header a backslash and a bar are escaped, in values of the extension a backslash and an equals sign. */
const inHeader = (text: string): string => plain(text).replace(/[\\|]/g, '\\$&');
const inValue = (text: string): string => plain(text).replace(/[\\=]/g, '\\$&');

/** CEF's 0 to 10. */
const grades: Readonly<Record<Severity, number>> = { info: 1, low: 3, medium: 5, high: 8, critical: 10 };

const isAddress = (text: string): boolean => /^[0-9a-f:.]+$/i.test(text) && /[.:]/.test(text);

/** One finding of a case. The signature id is the detector's number, which stays the same for good. */
export function cefEvent({ caseId, status }: Notification, finding: NotifiedFinding, version: string): string {
  const { id, detector, title, severity, subject, summary, firstSeen, lastSeen } = finding;
  const header = ['CEF:0', 'Vedette', 'vedette', version, detector.slice(0, 3), title].map((part, i) => (i === 0 ? part : inHeader(part)));
  const extension: Readonly<Record<string, string>> = {
    externalId: id,
    ...(isAddress(subject) ? { src: subject } : { shost: subject }),
    start: String(Date.parse(firstSeen)),
    end: String(Date.parse(lastSeen)),
    ...{ cs1Label: 'case', cs1: caseId, cs2Label: 'caseStatus', cs2: status, cs3Label: 'detector', cs3: detector },
    msg: summary,
  };
  const pairs = Object.entries(extension).map(([key, value]) => `${key}=${inValue(value)}`);
  return `${header.join('|')}|${grades[severity]}|${pairs.join(' ')}`;
}
