// Certificates of a cloud's own authority, as private clouds have them, made with the real openssl.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HttpClient, type HttpSettings } from '../../src/cloud/http.ts';
import { Redactor } from '../../src/cloud/redactor.ts';
import { testRuntime } from '../support/cloud-runtime.ts';
import { describeNeeding } from '../support/machine.ts';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder.ts';

removeTemporaryFolders();

describeNeeding('A cloud with a certificate authority of its own', { tools: ['openssl'] }, () => {
  let server: Server;
  let folder = '';
  let url = '';

  const openssl = (...args: readonly string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const pem = (name: string): string => readFileSync(join(folder, name), 'utf8');

  /** A key, and a certificate of it that `ca` signs. */
  function certify(name: string, subject: string, extension: string): void {
    writeFileSync(join(folder, `${name}.ext`), extension);
    openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
    const signer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signer, '-out', `${name}.pem`);
  }

  beforeAll(async () => {
    folder = temporaryFolder();
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-subj',
      '/CN=private cloud',
    );
    certify('server', '/CN=cloud.example', 'subjectAltName=IP:127.0.0.1');
    certify('client', '/CN=vedette', 'extendedKeyUsage=clientAuth');
    const options = { key: pem('server.key'), cert: pem('server.pem'), ca: pem('ca.pem'), requestCert: true, rejectUnauthorized: false };
    server = createServer(options, (request, response) => {
      const { subject } = (request.socket as unknown as { getPeerCertificate(): { subject?: { CN?: string } } }).getPeerCertificate();
      response.end(JSON.stringify({ client: subject?.CN ?? 'nobody' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const ask = (settings: Partial<HttpSettings>, at = url) =>
    new HttpClient({ cloud: 'tls', userAgent: 'vedette/0', ...settings }, new Redactor(), testRuntime()).send({ method: 'GET', url: at });

  it('is trusted with cacert, and not without', async () => {
    expect(await ask({ ca: pem('ca.pem') })).toMatchObject({ status: 200, text: '{"client":"nobody"}' });
    await expect(ask({})).rejects.toMatchObject({
      code: 'cloud-unreachable',
      message: expect.stringMatching(/UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN/),
    });
    await expect(ask({})).rejects.toMatchObject({ message: expect.stringContaining('set cacert in clouds.yaml') });
  });

  it('must be who it says, unless verify is false', async () => {
    const elsewhere = url.replace('127.0.0.1', 'localhost');
    await expect(ask({ ca: pem('ca.pem') }, elsewhere)).rejects.toMatchObject({
      message: expect.stringContaining('ERR_TLS_CERT_ALTNAME_INVALID'),
    });
    expect(await ask({ verify: false }, elsewhere)).toMatchObject({ status: 200 });
  });

  it('sees the certificate that clouds.yaml gives us', async () => {
    const certificate = { cert: pem('client.pem'), key: pem('client.key') };
    expect(await ask({ ca: pem('ca.pem'), certificate })).toMatchObject({ text: '{"client":"vedette"}' });
  });
});
