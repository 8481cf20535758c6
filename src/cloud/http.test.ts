import { describe, expect, it } from 'vitest';
import { testRuntime } from '../../test/support/cloud-runtime.ts';
import { closeServersAfterwards, localServer } from '../../test/support/local-server.ts';
import { HttpClient, type HttpSettings } from './http.ts';
import { Redactor } from './redactor.ts';

closeServersAfterwards();

function client(settings: Partial<HttpSettings> = {}, redactor = new Redactor()) {
  const runtime = testRuntime();
  return { runtime, http: new HttpClient({ cloud: 'test', userAgent: 'vedette/0', ...settings }, redactor, runtime) };
}

describe('HttpClient', () => {
  it('names itself and asks for JSON', async () => {
    let seen = {};
    const url = await localServer(({ headers, answer }) => {
      seen = headers;
      answer(200, {});
    });
    await client().http.send({ method: 'GET', url });
    expect(seen).toMatchObject({ 'user-agent': 'vedette/0', accept: 'application/json' });
  });

  it.each([429, 502, 503, 504])('asks again after %i, with growing pauses', async (status) => {
    let asked = 0;
    const url = await localServer(({ answer }) => answer(++asked < 4 ? status : 200, {}));
    const { http, runtime } = client();
    expect(await http.send({ method: 'GET', url })).toMatchObject({ status: 200, attempts: 4 });
    expect(runtime.pauses).toEqual([375, 750, 1500]);
    expect(http.counters).toMatchObject({ requests: 4, repeated: 3 });
  });

  it('gives up after four attempts with the last answer', async () => {
    const url = await localServer(({ answer }) => answer(503, 'busy'));
    expect(await client().http.send({ method: 'GET', url })).toMatchObject({ status: 503, text: 'busy', attempts: 4 });
  });

  it('waits as long as Retry-After says, and not at all when that is too long', async () => {
    let asked = 0;
    const url = await localServer(({ answer, url: { pathname } }) =>
      answer(pathname === '/long' || ++asked === 1 ? 429 : 200, {}, { 'retry-after': pathname === '/long' ? '3600' : '7' }),
    );
    const { http, runtime } = client();
    expect(await http.send({ method: 'GET', url })).toMatchObject({ status: 200 });
    expect(runtime.pauses).toEqual([7000]);
    expect(await http.send({ method: 'GET', url: `${url}/long` })).toMatchObject({ status: 429, attempts: 1 });
  });

  it.each([
    [500, 1],
    [502, 1],
    [429, 4],
    [503, 4],
  ])('sends a POST answered with %i %i times', async (status, times) => {
    let asked = 0;
    const url = await localServer(({ answer }) => {
      asked++;
      answer(status, {});
    });
    await client().http.send({ method: 'POST', url, body: '{}' });
    expect(asked).toBe(times);
  });

  it('repeats a broken GET but not a broken POST, which may have been done', async () => {
    let asked = 0;
    const url = await localServer(({ request, answer }) => (++asked % 2 === 1 ? request.socket.destroy() : answer(200, {})));
    expect(await client().http.send({ method: 'GET', url })).toMatchObject({ status: 200, attempts: 2 });
    await expect(client().http.send({ method: 'POST', url, body: '{}' })).rejects.toMatchObject({
      code: 'cloud-unreachable',
      message: expect.stringContaining('it may have been done'),
    });
    expect(asked).toBe(3);
  });

  it('repeats a POST that never left', async () => {
    const { http, runtime } = client();
    await expect(http.send({ method: 'POST', url: 'http://127.0.0.1:1/', body: '{}' })).rejects.toMatchObject({
      code: 'cloud-unreachable',
      message: 'test: http://127.0.0.1:1 does not answer (ECONNREFUSED, 4 attempts); check the network and the endpoint',
    });
    expect(runtime.pauses).toHaveLength(3);
  });

  it('gives up on an answer that does not come, or does not end', async () => {
    const url = await localServer(({ response, url: { pathname } }) => {
      if (pathname === '/half') response.write('{');
    });
    for (const path of ['/', '/half']) {
      const { http } = client({ timeoutMs: 100, retry: { attempts: 1 } });
      await expect(http.send({ method: 'GET', url: url + path })).rejects.toMatchObject({ code: 'cloud-unreachable' });
    }
  });

  it('does not swallow a huge answer', async () => {
    const url = await localServer(({ answer }) => answer(200, 'x'.repeat(100_000)));
    const { http } = client({ maxAnswerBytes: 50_000 });
    await expect(http.send({ method: 'GET', url })).rejects.toMatchObject({
      code: 'cloud-failed',
      message: expect.stringContaining('larger than 50000 bytes'),
    });
  });

  it('stops when it is told to, also between attempts', async () => {
    const stop = new AbortController();
    const url = await localServer(({ answer }) => {
      stop.abort(new Error('enough'));
      answer(503, {});
    });
    await expect(client().http.send({ method: 'GET', url, signal: stop.signal })).rejects.toThrow('enough');
  });

  it('tells the offset of the server clock', async () => {
    const { http, runtime } = client();
    const url = await localServer(({ answer }) => answer(200, {}, { date: new Date(runtime.nowMs() + 90_000).toUTCString() }));
    await http.send({ method: 'GET', url });
    expect(Math.abs((http.clock?.offsetMs ?? 0) - 90_000)).toBeLessThanOrEqual(http.clock?.errorMs ?? 0);
  });

  it('keeps secrets out of its errors and their causes', async () => {
    const redactor = new Redactor();
    redactor.add('hunter22');
    const { http } = client({ retry: { attempts: 1 } }, redactor);
    const error: Error = await http
      .send({ method: 'GET', url: 'http://user:hunter22@127.0.0.1:1/?x=hunter22', headers: { 'x-auth-token': 'hunter22' } })
      .then(() => new Error('answered'))
      .catch((thrown: Error) => thrown);
    expect(error.message).toContain('does not answer');
    for (let at: unknown = error; at instanceof Error; at = at.cause)
      expect(`${at.message}${at.stack}${JSON.stringify(at)}`).not.toContain('hunter22');
  });
});
