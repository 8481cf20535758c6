// The two certificate extensions that x509.log shows. RFC 5280 §4.2.1.6 and §4.2.1.9.
import { Bytes } from '../../base/bytes.ts';
import { formatIpv4, formatIpv6 } from '../../base/ip.ts';
import { type DerReader, DerTag } from './der.ts';

/** Subject alternative names, each kind unset when it does not occur. Texts are escaped for a record. */
export interface SubjectAlternativeName {
  readonly dns: readonly string[] | undefined;
  readonly uri: readonly string[] | undefined;
  readonly email: readonly string[] | undefined;
  readonly ip: readonly string[] | undefined;
}

export interface CertificateExtensions {
  readonly subjectAlternativeName: SubjectAlternativeName | undefined;
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | undefined } | undefined;
}

const subjectAlternativeNameOid = '2.5.29.17';
const basicConstraintsOid = '2.5.29.19';

/** Context tags of GeneralName. */
const emailTag = 0x81;
const dnsTag = 0x82;
const uriTag = 0x86;
const addressTag = 0x87;

/** Names that are kept of one certificate; the largest in the wild hold some hundred. */
const maxNames = 2000;

/** Extensions that are looked at. */
const maxExtensions = 200;

function addressText(view: DataView, start: number, length: number): string | undefined {
  if (length === 4) return formatIpv4(view.getUint32(start));
  if (length !== 16) return undefined;
  return formatIpv6(view.getUint32(start), view.getUint32(start + 4), view.getUint32(start + 8), view.getUint32(start + 12));
}

const orUnset = (names: readonly string[]): readonly string[] | undefined => (names.length === 0 ? undefined : names);

function readAlternativeNames(value: DerReader): SubjectAlternativeName | undefined {
  if (!value.expect(DerTag.sequence)) return undefined;
  const bytes = new Bytes(value.bytes);
  const dns: string[] = [];
  const uri: string[] = [];
  const email: string[] = [];
  const ip: string[] = [];
  let left = maxNames;
  for (const names = value.inner(); left > 0 && names.next(); left--) {
    const { tag, contentStart, contentEnd } = names;
    if (tag === addressTag) {
      const text = addressText(bytes.view, contentStart, names.length);
      if (text !== undefined) ip.push(text);
    } else if (tag === dnsTag) dns.push(bytes.text(contentStart, contentEnd));
    else if (tag === uriTag) uri.push(bytes.text(contentStart, contentEnd));
    else if (tag === emailTag) email.push(bytes.text(contentStart, contentEnd));
  }
  return { dns: orUnset(dns), uri: orUnset(uri), email: orUnset(email), ip: orUnset(ip) };
}

function readBasicConstraints(value: DerReader): CertificateExtensions['basicConstraints'] {
  if (!value.expect(DerTag.sequence)) return undefined;
  let ca = false;
  let pathLength: number | undefined;
  for (const parts = value.inner(); parts.next(); ) {
    if (parts.tag === DerTag.boolean) ca = parts.bytes[parts.contentStart] !== 0;
    else if (parts.tag === DerTag.integer) pathLength = parts.smallInteger();
  }
  return { ca, pathLength: Number.isNaN(pathLength) ? undefined : pathLength };
}

/** Identifier of one Extension, with its value made the current element; undefined when its frame is damaged. */
function extensionIdentifier(parts: DerReader): string | undefined {
  if (!parts.expect(DerTag.objectIdentifier)) return undefined;
  const oid = parts.objectIdentifier();
  if (!parts.next() || (parts.tag === DerTag.boolean && !parts.next())) return undefined;
  return parts.tag === DerTag.octetString ? oid : undefined;
}

/** Reads the content of the Extensions sequence; undefined when its frame is damaged. A damaged extension is left out. */
export function readExtensions(list: DerReader): CertificateExtensions | undefined {
  let subjectAlternativeName: CertificateExtensions['subjectAlternativeName'];
  let basicConstraints: CertificateExtensions['basicConstraints'];
  for (let left = maxExtensions; left > 0 && list.next(); left--) {
    if (list.tag !== DerTag.sequence) return undefined;
    const parts = list.inner();
    const oid = extensionIdentifier(parts);
    if (oid === undefined) return undefined;
    if (oid === subjectAlternativeNameOid) subjectAlternativeName = readAlternativeNames(parts.inner());
    else if (oid === basicConstraintsOid) basicConstraints = readBasicConstraints(parts.inner());
  }
  return { subjectAlternativeName, basicConstraints };
}
