// One error class and one catalogue. Bytes on the wire never throw; see engine/analyzers/analyzer.ts.

/** What the caller should do: `input` exit 2 · `refused` exit 3 · `unavailable` exit 4 · `internal` exit 70. */
export type ErrorKind = 'input' | 'refused' | 'unavailable' | 'internal';

/**
 * Every error that a person can meet: stable code, kind, and the sentence (what happened, on what, what to do).
 * `{name}` is replaced by the detail of that name. docs/reference/errors.md is compared with this table by a test.
 */
export const errorCatalogue = {
  usage: ['input', '{problem}; {advice}'],
  'input-missing': ['input', '{path}: no such file or directory; check the path'],
  'input-unreadable': ['input', '{path}: cannot be read ({reason}); check its permissions'],
  'input-empty': ['input', '{path}: is empty; nothing to analyse'],
  'input-format': ['input', '{path}: is neither a capture (pcap, pcapng) nor Zeek logs ({found}); see vedette analyze --help'],
  'output-exists': ['refused', '{path}: exists and is not empty; choose another --out or pass --force to replace what vedette wrote there'],
  'output-file-exists': ['refused', '{path}: exists; choose another --out or pass --force to replace it'],
  'output-not-directory': ['refused', '{path}: is a file, and --out names a directory; choose another'],
  'output-is-directory': ['refused', '{path}: is a directory, and --out names a file; choose another'],
  'output-is-input': ['refused', '{path}: is read, and would be replaced; choose another --out'],
  'output-occupied': ['refused', '{path}: is there already and is never replaced; choose another path'],
  'output-unwritable': ['unavailable', '{path}: cannot be written ({reason}); check permissions and free space, or write elsewhere'],
  'config-invalid': ['input', '{path}: {problem}; see vedette config explain'],
  'finding-unknown': ['input', '{path}: has no finding {id}; look its id up in findings.ndjson'],
  'connection-unknown': ['input', '{path}: has no conn row of {uid}; check the uid and the directory'],
  'packets-none': ['input', '{path}: no packet matches ({what}); no file was written'],
  'cloud-config': ['input', '{cloud}: {problem}; check clouds.yaml and the OS_* variables'],
  'cloud-auth': ['input', '{cloud}: the credentials are refused ({reason}); check user, password, domain and project'],
  'cloud-expired': ['unavailable', '{cloud}: the token has expired and cannot be renewed ({reason}); give a fresh one, or a password'],
  'cloud-unreachable': ['unavailable', '{cloud}: {url} does not answer ({reason}); check the network and the endpoint'],
  'cloud-failed': ['unavailable', '{cloud}: {what} failed ({reason}); try again, or look at the service (request {request})'],
  'cloud-forbidden': ['refused', '{cloud}: {what} is not allowed to this user ({reason}); use credentials with the role that it needs'],
  'cloud-conflict': ['refused', '{cloud}: {what} was changed meanwhile ({reason}); look at it and try again'],
  'cloud-quota': ['refused', '{cloud}: {what} exceeds a quota ({reason}); raise it or free something'],
  'cloud-unknown-item': ['input', '{cloud}: there is no {what}; check the id'],
  'machine-unknown': ['input', '{cloud}: no machine has the id, name or address {machine}; see vedette inventory show'],
  'machine-ambiguous': ['input', '{machine} is more than one machine: {candidates}; give the id'],
  'inventory-invalid': ['input', '{path}: {problem}; see vedette inventory --help and docs/guides/inventory.md'],
  'inventory-none': ['input', '{path}: holds no inventory{which}; make one with vedette inventory sync'],
  'inventory-several': ['input', '{path}: holds several clouds ({clouds}); choose one with --cloud'],
  'inventory-older': [
    'refused',
    '{path}: is of {asOf}, and the last reading of {cloud} is of {last}; sync into another --state or under another --cloud',
  ],
  'inventory-item': ['input', '{what} is in no item of {cloud}{hint}; see vedette inventory show'],
  'cloud-none': ['input', '{cloud}: this build reads no cloud directly; pass what it consists of with --from PATH'],
  'notifications-invalid': ['input', 'notifications: {problem}; see vedette config explain'],
  'broker-away': ['unavailable', '{broker}: no notifications ({reason}); the inventory is kept by polling, and the broker tried again'],
  'state-locked': ['refused', '{path}: is being written by another process ({owner}); wait until it has ended'],
  'state-unwritable': ['unavailable', '{path}: cannot be written ({reason}); check space and permissions, or choose another --state'],
  'state-damaged': ['input', '{path}: is no inventory journal of this version ({problem}); move it away and sync again'],
  'program-missing': ['unavailable', '{program}: is not installed on this machine; install it'],
  'program-failed': ['unavailable', '{program}: failed ({reason}); check that it runs, and the right to run it'],
  'journal-broken': ['refused', '{path}: line {line} is not as it was written ({problem}); keep the file, and start another --state'],
  'confirmation-needed': ['refused', '{what} was not confirmed; nothing was changed; pass --yes where nobody can be asked'],
  'evidence-first': ['refused', '{machine}: evidence could not be kept ({reason}); nothing was changed; mend that or pass --now'],
  'containment-refused': ['refused', '{machine}: {problem}; {advice}'],
  'world-changed': ['refused', '{what} is not as planned ({difference}); nothing more was changed; look at it, then resume or release'],
  'action-unknown': ['input', 'there is no action or contained machine {action}; see vedette actions list'],
  'action-halfway': [
    'unavailable',
    '{action}: stopped half-way ({reason}); vedette actions resume {action} finishes it, vedette release {action} undoes it',
  ],
  'release-refused': ['refused', '{action}: cannot be undone as it is ({difference}); {advice}'],
  'containment-leaks': ['unavailable', '{machine}: is still not contained ({what}); try --mode port-down or --mode pause'],
  'policy-invalid': ['input', '{path}: {problem}; see vedette exposure policy --help'],
  'exposure-none': ['input', '{path}: holds no exposure report{which}; make one with vedette exposure scan'],
  'exposure-unknown': ['input', '{path}: no report shows {what} open; see vedette exposure report'],
  'exposure-damaged': ['input', '{path}: is no exposure report of this version ({problem}); scan again'],
  'scan-nothing': ['input', 'there is nothing to scan ({reason}); give addresses, or an inventory that has public ones'],
  'scan-window': ['refused', 'it is {now} UTC, outside of the time window {window}; try later, or pass --wait'],
  'scan-interrupted': [
    'unavailable',
    '{reason}: {done} of {total} addresses are scanned and kept as {id}; vedette exposure scan --resume goes on',
  ],
  'scan-failed': ['unavailable', 'no address could be scanned ({reason}); mend that and try again'],
  'install-foreign': ['refused', '{path}: exists and was not made by vedette; move it away, or choose another --directory'],
  'mail-failed': [
    'unavailable',
    '{server}: the mail could not be sent ({reason}); report {id} is kept, and vedette exposure mail tries again',
  ],
  'analysis-empty': ['input', '{path}: has no findings; there is nothing to make a case of'],
  'case-unknown': ['input', '{path}: there is no case {id}; see vedette case list'],
  'case-damaged': ['refused', '{path}: the journal of the case is damaged ({problem}); keep the folder as it is and look who changed it'],
  'case-open': ['refused', '{id} cannot be closed, this is open: {items}; do it, or give --reason'],
  'case-busy': ['unavailable', '{path}: too many others write to this case; try again'],
  'bundle-format': ['input', '{path}: is not an evidence bundle ({found}); see vedette evidence --help'],
  'bundle-busy': ['refused', '{path}: another process writes to the bundle; if none does, remove {path}.lock'],
  'bundle-broken': ['refused', '{path}: is not whole ({problem}); see vedette evidence verify'],
  'key-exists': ['refused', '{path}: exists; a signing key is never replaced, choose another file'],
  'key-exposed': ['refused', '{path}: others may read this key ({mode}); chmod 600 it, or make a new one'],
  'key-invalid': ['input', '{path}: is not an Ed25519 {what} key in PEM; make one with vedette evidence key'],
  'time-stamp-failed': ['unavailable', '{url}: no time stamp ({reason}); the bundle is whole, try vedette evidence stamp'],
  'channel-unknown': ['input', '{channel} is not a channel of the configuration; it knows: {known}'],
  'channel-invalid': ['input', 'notify.{channel}: {problem}; see vedette config explain'],
  'notify-failed': ['unavailable', '{channel}: not delivered ({reason}); kept in the outbox, try vedette case notify --retry'],
  'outbox-full': ['refused', '{path}: holds {count} messages, no more are kept; run vedette case notify --retry or remove old ones'],
  interrupted: ['unavailable', 'interrupted; partial results are in {path}'],
  internal: ['internal', 'internal error: {problem}; set VEDETTE_DEBUG=1 and report the trace'],
} as const satisfies Record<string, readonly [ErrorKind, string]>;

export type ErrorCode = keyof typeof errorCatalogue;

/** Facts of an error, for the sentence and for machines. Never secrets. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean>>;

/** An error with a stable code; the sentence comes from the catalogue. */
export class VedetteError extends Error {
  override readonly name = 'VedetteError';
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    const [kind, template] = errorCatalogue[code];
    super(
      template.replace(/\{(\w+)\}/g, (_, key: string) => String(details[key] ?? `{${key}}`)),
      options,
    );
    this.code = code;
    this.kind = kind;
    this.details = details;
  }
}
