// Request targets that are asked for in one intention only: well-known holes whose payload alone looks harmless.
import { decodePercent } from './decode-text.ts';
import type { PayloadFamily, Sign, Strength } from './sign.ts';

interface Hole {
  /** The product, and where the hole is on record. */
  readonly technique: string;
  readonly family: PayloadFamily;
  readonly strength: Strength;
  readonly pattern: RegExp;
}

/** Tried on the decoded target, path and query together. Linear: everything unbounded is a negated class up to its end. */
const holes: readonly Hole[] = [
  { technique: 'F5 BIG-IP command service (CVE-2022-1388)', family: 'command', strength: 'attack', pattern: /^\/mgmt\/tm\/util\/bash\b/i },
  { technique: 'F5 BIG-IP traversal (CVE-2020-5902)', family: 'traversal', strength: 'attack', pattern: /^\/tmui\/login\.jsp\/\.\.;\//i },
  {
    technique: 'Citrix ADC traversal (CVE-2019-19781)',
    family: 'traversal',
    strength: 'attack',
    pattern: /^\/vpns?\/(?:portal\/)?(?:\.\.\/)?vpns\/|^\/vpn\/\.\.\//i,
  },
  { technique: 'Laravel Ignition (CVE-2021-3129)', family: 'code', strength: 'attack', pattern: /^\/_ignition\/execute-solution\b/i },
  {
    technique: 'Exchange front end (CVE-2021-34473, CVE-2022-41040)',
    family: 'request-forgery',
    strength: 'attack',
    pattern: /^\/autodiscover\/autodiscover\.json\?[^#]{0,200}(?:@|powershell)/i,
  },
  { technique: 'shell left by a worm (Nimda)', family: 'web-shell', strength: 'exploit', pattern: /\/(?:root|cmd)\.exe\?\/c[+ ]/i },
  { technique: 'IIS index server overflow (CVE-2001-0500)', family: 'code', strength: 'exploit', pattern: /\/default\.ida\?[NX]{50}/i },
  {
    technique: 'library loaded by the web server (CVE-2017-17562)',
    family: 'code',
    strength: 'exploit',
    pattern: /\?(?:[^#]{0,200}&)?LD_PRELOAD=\/proc\/self\/fd/i,
  },
  {
    technique: 'PAN-OS or VPN gateway traversal',
    family: 'traversal',
    strength: 'attack',
    pattern: /^\/(?:dana-na|remote\/fgt_lang\?lang=|global-protect)[^#]{0,100}\/\.\.\//i,
  },
  {
    technique: 'ColdFusion administrator traversal (CVE-2010-2861)',
    family: 'traversal',
    strength: 'attack',
    pattern: /^\/cfide\/administrator\/[^#]{0,60}locale=\.\./i,
  },
];

const maxLength = 1024;

/** The known hole that the target is after. */
export function knownHoleSigns(target: string): Sign[] {
  const decoded = decodePercent(target.slice(0, maxLength));
  const hole = holes.find(({ pattern }) => pattern.test(decoded));
  if (hole === undefined) return [];
  const { technique, family, strength } = hole;
  return [{ technique, family, strength, decodedSnippet: decoded.slice(0, 300), steps: decoded === target ? [] : ['percent'] }];
}
