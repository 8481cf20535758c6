// Headers that are columns of http.log.
import { type Bytes, bytesOfLatin1 } from '../../../base/bytes.ts';
import { type HeaderLine, type HeaderName, proxyHeaders } from './header-line.ts';
import { basicCredentials, basicUser, fileNameOf } from './header-values.ts';
import { isSuspicious } from './suspicious-header.ts';
import type { Transaction } from './transaction.ts';

/** Suspicious headers that a row keeps, and bytes of each. */
const maxSuspicious = 16;
const maxSuspiciousBytes = 4096;

/** Takes over one header of either side. */
export function readRequestHeader(
  transaction: Transaction,
  fromClient: boolean,
  name: HeaderName | undefined,
  bytes: Bytes,
  line: HeaderLine,
): void {
  if (name === 'content-disposition' || name === 'content-type') {
    const raw = bytes.latin1(line.valueStart, line.valueEnd);
    transaction.entityName = fileNameOf(name, raw) ?? transaction.entityName;
  }
  if (!fromClient) return;
  if (isSuspicious(bytes.u8, line.valueStart, line.valueEnd)) keepSuspicious(transaction, bytes, line);
  if (name !== undefined) readColumn(transaction, name, bytes, line);
}

function keepSuspicious(transaction: Transaction, bytes: Bytes, line: HeaderLine): void {
  transaction.suspiciousHeaders ??= [];
  if (transaction.suspiciousHeaders.length >= maxSuspicious) return;
  const value = bytes.text(line.valueStart, Math.min(line.valueEnd, line.valueStart + maxSuspiciousBytes));
  transaction.suspiciousHeaders.push(`${bytes.text(line.nameStart, line.nameEnd)}: ${value}`);
}

function readColumn(transaction: Transaction, name: HeaderName, bytes: Bytes, line: HeaderLine): void {
  switch (name) {
    case 'host':
      transaction.host = bytes.text(line.valueStart, line.valueEnd);
      break;
    case 'referer':
      transaction.referrer = bytes.text(line.valueStart, line.valueEnd);
      break;
    case 'user-agent':
      transaction.userAgent = bytes.text(line.valueStart, line.valueEnd);
      break;
    case 'origin':
      transaction.origin = bytes.text(line.valueStart, line.valueEnd);
      break;
    case 'range':
      transaction.isRange = true;
      break;
    case 'authorization':
    case 'proxy-authorization':
      readAuthorization(transaction, bytes, line);
      break;
    default:
      if (proxyHeaders.has(name)) addProxy(transaction, name, bytes.text(line.valueStart, line.valueEnd));
  }
}

/** Keeps the user's name; the whole line only where the credentials carry syntax that no password needs. */
function readAuthorization(transaction: Transaction, bytes: Bytes, line: HeaderLine): void {
  const raw = bytes.latin1(line.valueStart, line.valueEnd);
  transaction.username = basicUser(raw) ?? transaction.username;
  const credentials = bytesOfLatin1(basicCredentials(raw) ?? '');
  if (isSuspicious(credentials.u8, 0, credentials.u8.length)) keepSuspicious(transaction, bytes, line);
}

function addProxy(transaction: Transaction, name: HeaderName, value: string): void {
  const entry = `${name.toUpperCase()} -> ${value}`;
  transaction.proxied ??= [];
  if (!transaction.proxied.includes(entry) && transaction.proxied.length < 100) transaction.proxied.push(entry);
}
