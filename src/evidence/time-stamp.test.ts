import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeNeeding } from '../../test/support/machine.ts';
import { makeStampAuthority, stampWithOpenssl } from '../../test/support/stamp-authority.ts';
import { removeTemporaryFolders, temporaryFolder } from '../../test/support/temporary-folder.ts';
import { opensslStampChain } from '../host/openssl/openssl-stamp-chain.ts';
import { SpawnRunner } from '../host/spawn/spawn-runner.ts';
import { directorySource } from './bundle-directory/directory-source.ts';
import { createBundleDirectory } from './bundle-directory/directory-writer.ts';
import { openSealedDirectory } from './bundle-directory/sealed-directory.ts';
import { sha256 } from './digest.ts';
import { Collection } from './seal-bundle.ts';
import { addCustody, stampBundle } from './stamp-bundle.ts';
import { checkStamp, parseStampRequest, parseStampResponse, stampRequest } from './time-stamp.ts';
import { httpStampAuthority } from './tsa-http/tsa-http.ts';
import { verifyBundle } from './verify-bundle.ts';

removeTemporaryFolders();

const actor = { who: 'ines', host: 'net-1' };
const context = { actor, now: () => new Date(), randomBytes };

async function bundleIn(folder: string): Promise<string> {
  const path = join(folder, 'bundle');
  const collection = new Collection(await createBundleDirectory(path), actor, context.now);
  await collection.write('a.txt', 'a', { what: 'a', source: 'a' });
  await collection.seal('0.1.0', {}, undefined);
  return path;
}

describe('a time stamp', () => {
  it('is never read from any other bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(parseStampResponse(bytes)).toHaveProperty('problem');
      }),
    );
  });

  it('that the authority refuses says so', () => {
    expect(parseStampResponse(Uint8Array.of(0x30, 5, 0x30, 3, 2, 1, 2))).toEqual({ problem: 'the authority refused (status 2)' });
  });
});

describeNeeding('a time stamp of a real authority', { tools: ['openssl'] }, () => {
  let folder = '';
  let server: Server;
  let url = '';
  let answer: ((request: Buffer) => { status: number; body: Uint8Array }) | undefined;

  beforeAll(async () => {
    folder = temporaryFolder();
    makeStampAuthority(folder);
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { status, body } = answer?.(Buffer.concat(parts)) ?? { status: 200, body: stampWithOpenssl(folder, Buffer.concat(parts)) };
        response.writeHead(status, { 'content-type': 'application/timestamp-reply' }).end(body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa?token=hunter2`;
  });
  afterAll(() => void server.close());

  it('is asked for as openssl understands it', () => {
    const path = join(folder, 'asked.tsq');
    writeFileSync(path, stampRequest(Buffer.from(sha256('x'), 'hex'), Buffer.from('80ff', 'hex')));
    const text = execFileSync('openssl', ['ts', '-query', '-in', path, '-text'], { encoding: 'utf8' });
    expect(text).toMatch(/Hash Algorithm: sha256[\s\S]*Nonce: 0x80FF[\s\S]*Certificate required: yes/);
  });

  it('is added to a bundle, recorded, and checked down to its certificates', async () => {
    const path = await bundleIn(temporaryFolder());
    const at = await stampBundle(openSealedDirectory(path), httpStampAuthority(url), 'http://127.0.0.1', context);
    const verdict = await verifyBundle(directorySource(path));
    expect(verdict).toMatchObject({ isWhole: true, stamp: { at } });
    expect(verdict.custody.at(-1)).toMatchObject({ what: 'time-stamped', stampedAt: at, clockAheadSeconds: expect.any(Number) });
    const check = opensslStampChain(new SpawnRunner());
    const { request, response } = verdict.stamp ?? { request: new Uint8Array(), response: new Uint8Array() };
    expect(await check({ request, response, authorityFile: join(folder, 'ca.pem') })).toEqual({ chain: 'good' });
    expect(await check({ request, response, authorityFile: join(folder, 'other-ca.pem') })).toMatchObject({ chain: 'bad' });
    await expect(stampBundle(openSealedDirectory(path), httpStampAuthority(url), url, context)).rejects.toMatchObject({
      code: 'output-occupied',
    });
    for (const name of ['timestamp.tsr', 'timestamp.tsq']) {
      const before = readFileSync(join(path, name));
      const after = Buffer.from(before);
      after[after.length - 3] = (after[after.length - 3] ?? 0) ^ 1;
      writeFileSync(join(path, name), after);
      expect((await verifyBundle(directorySource(path))).problems).toMatchObject([{ path: name, kind: 'time-stamp' }]);
      rmSync(join(path, name));
      expect((await verifyBundle(directorySource(path))).problems).toMatchObject([
        { path: name, kind: 'time-stamp', detail: 'is missing' },
      ]);
      writeFileSync(join(path, name), before);
    }
  });

  it('for other bytes, or for another request, is refused', () => {
    const digest = Buffer.from(sha256('these'), 'hex');
    const request = stampRequest(digest, randomBytes(8));
    const response = stampWithOpenssl(folder, Buffer.from(request));
    expect(checkStamp(digest, request, response)).toHaveProperty('value');
    expect(checkStamp(Buffer.from(sha256('those'), 'hex'), request, response)).toEqual({ problem: 'stamps other bytes than these' });
    const other = stampRequest(digest, randomBytes(8));
    expect(checkStamp(digest, other, response)).toEqual({ problem: 'answers another request (its nonce is another)' });
    expect(parseStampRequest(request)).toMatchObject({ value: { imprint: Uint8Array.from(digest) } });
  });

  it('that cannot be had leaves the bundle whole, and the reason without the secret', async () => {
    const path = await bundleIn(temporaryFolder());
    answer = () => ({ status: 503, body: Buffer.from('later') });
    const failed = stampBundle(openSealedDirectory(path), httpStampAuthority(url), 'http://127.0.0.1', context);
    await expect(failed).rejects.toMatchObject({ code: 'time-stamp-failed', message: expect.stringContaining('HTTP 503') });
    await expect(failed).rejects.not.toMatchObject({ message: expect.stringContaining('hunter2') });
    answer = () => ({ status: 200, body: Buffer.alloc(2 << 20) });
    await expect(stampBundle(openSealedDirectory(path), httpStampAuthority(url), 'u', context)).rejects.toMatchObject({
      code: 'time-stamp-failed',
    });
    answer = undefined;
    expect(await verifyBundle(directorySource(path))).toMatchObject({ isWhole: true, stamp: undefined });
  });

  it('is one of several things that are written down after sealing', async () => {
    const path = await bundleIn(temporaryFolder());
    await addCustody(openSealedDirectory(path), 'handed over', { to: 'police' }, context);
    await stampBundle(openSealedDirectory(path), httpStampAuthority(url), 'u', context);
    const verdict = await verifyBundle(directorySource(path));
    expect(verdict.isWhole).toBe(true);
    expect(verdict.custody.map(({ what }) => what)).toEqual(['collected', 'sealed', 'handed over', 'time-stamped']);
    writeFileSync(`${path}.lock`, '');
    await expect(addCustody(openSealedDirectory(path), 'handed over', {}, context)).rejects.toMatchObject({ code: 'bundle-busy' });
  });
});
