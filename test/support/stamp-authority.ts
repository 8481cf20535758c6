// A time stamp authority made with openssl: keys, certificates, and answers to requests. Files are in the given folder.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const configuration = (folder: string): string => `
[tsa]
default_tsa = one
[one]
dir = ${folder}
serial = $dir/serial
signer_cert = $dir/tsa.pem
certs = $dir/ca.pem
signer_key = $dir/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
[ext]
extendedKeyUsage = critical,timeStamping
`;

/** Makes ca.pem, other-ca.pem (of nobody) and the authority's own key. */
export function makeStampAuthority(folder: string): void {
  const openssl = (...args: readonly string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  writeFileSync(join(folder, 'tsa.cnf'), configuration(folder));
  writeFileSync(join(folder, 'serial'), '01\n');
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  for (const name of ['ca', 'other-ca']) {
    openssl('req', '-x509', ...ec, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`, '-days', '2');
  }
  openssl('req', ...ec, '-keyout', 'tsa.key', '-out', 'tsa.csr', '-subj', '/CN=Test TSA');
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'tsa.cnf', '-extensions', 'ext', '-days', '2'];
  openssl('x509', '-req', '-in', 'tsa.csr', '-out', 'tsa.pem', ...signing);
}

/** The authority's answer to a request (DER). */
export function stampWithOpenssl(folder: string, request: Uint8Array): Buffer {
  const [query, reply] = [join(folder, 'in.tsq'), join(folder, 'out.tsr')];
  writeFileSync(query, request);
  execFileSync('openssl', ['ts', '-reply', '-config', join(folder, 'tsa.cnf'), '-queryfile', query, '-out', reply], { stdio: 'ignore' });
  return readFileSync(reply);
}
