import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../../../test/support/error-code.ts';
import { type ConfigHost, readCloudConfig } from './clouds-yaml.ts';

const plain = { auth_url: 'https://cloud.example:5000', username: 'u', password: 'hunter2', project_name: 'p' };

function host(files: Readonly<Record<string, unknown>>, env: Readonly<Record<string, string>> = {}): ConfigHost {
  return {
    env,
    workingDirectory: '/work',
    homeDirectory: '/people/me',
    readText: (path) => {
      const content = files[path];
      return content === undefined ? undefined : typeof content === 'string' ? content : JSON.stringify(content);
    },
  };
}

const cloud = (more: object = {}, auth: object = plain, name = 'one'): object => ({ clouds: { [name]: { auth, ...more } } });

describe('clouds.yaml', () => {
  it('is sought where openstacksdk seeks it, the first only', () => {
    const places = ['/explicit', '/work/clouds.yaml', '/people/me/.config/openstack/clouds.yaml', '/etc/openstack/clouds.yaml'];
    for (let from = 0; from < places.length; from++) {
      const files = Object.fromEntries(places.slice(from).map((path) => [path, cloud({}, plain, path)]));
      const env: Record<string, string> = from === 0 ? { OS_CLIENT_CONFIG_FILE: '/explicit' } : {};
      expect(readCloudConfig(host(files, env)).name).toBe(places[from]);
    }
    expect(readCloudConfig(host({ '/xdg/openstack/clouds.yml': cloud() }, { XDG_CONFIG_HOME: '/xdg' })).name).toBe('one');
  });

  it('is merged with secure.yaml, in depth', () => {
    const { password, ...rest } = plain;
    const files = { '/work/clouds.yaml': cloud({}, rest), '/etc/openstack/secure.yaml': cloud({}, { password }) };
    const { credentials } = readCloudConfig(host(files));
    expect(credentials.method === 'password' && credentials.password.reveal()).toBe('hunter2');
  });

  it('is chosen by --cloud, OS_CLOUD, the configuration, the environment, or being the only one', () => {
    const two = { clouds: { one: { auth: plain }, two: { auth: plain }, three: { auth: plain } } };
    const files = { '/work/clouds.yaml': two };
    expect(readCloudConfig(host(files, { OS_CLOUD: 'two' }), 'one', 'three').name).toBe('one');
    expect(readCloudConfig(host(files, { OS_CLOUD: 'two' }), undefined, 'three').name).toBe('two');
    expect(readCloudConfig(host(files), undefined, 'three').name).toBe('three');
    const env = { OS_AUTH_URL: 'http://e:5000/v3', OS_USERNAME: 'u', OS_PASSWORD: 'p', OS_REGION_NAME: 'R', OS_INSECURE: 'true' };
    expect(readCloudConfig(host(files, env))).toMatchObject({ name: 'envvars', authUrl: 'http://e:5000/v3', region: 'R', verify: false });
    expect(codeOf(() => readCloudConfig(host(files)))).toBe('cloud-config');
    expect(codeOf(() => readCloudConfig(host({})))).toBe('cloud-config');
    expect(codeOf(() => readCloudConfig(host(files), 'four'))).toBe('cloud-config');
  });

  it.each([
    [{}, 'https://cloud.example:5000/v3'],
    [{ auth_url: 'https://cloud.example/identity/v3/' }, 'https://cloud.example/identity/v3'],
    [{ auth_url: 'https://cloud.example:5000/v2.0' }, 'https://cloud.example:5000/v3'],
  ])('finds Keystone v3 from %j', (auth, url) => {
    expect(readCloudConfig(host({ '/work/clouds.yaml': cloud({}, { ...plain, ...auth }) })).authUrl).toBe(url);
  });

  it('knows users and projects by id, or by name in a domain', () => {
    const read = (auth: object) => readCloudConfig(host({ '/work/clouds.yaml': cloud({}, { ...plain, ...auth }) }));
    expect(read({})).toMatchObject({
      credentials: { user: { name: 'u', domain: { id: 'default' } } },
      scope: { kind: 'project', project: { name: 'p', domain: { id: 'default' } } },
    });
    expect(read({ user_domain_name: 'A', project_domain_id: 'b' })).toMatchObject({
      credentials: { user: { name: 'u', domain: { name: 'A' } } },
      scope: { project: { name: 'p', domain: { id: 'b' } } },
    });
    expect(read({ user_id: 'x', project_id: 'y' })).toMatchObject({ credentials: { user: { id: 'x' } }, scope: { project: { id: 'y' } } });
    expect(read({ system_scope: 'all' }).scope).toEqual({ kind: 'system' });
    expect(read({ project_name: undefined, domain_name: 'D' }).scope).toEqual({ kind: 'domain', domain: { name: 'D' } });
  });

  it('knows tokens and application credentials', () => {
    const read = (more: object, auth: object) =>
      readCloudConfig(host({ '/work/clouds.yaml': cloud(more, { auth_url: 'https://c', ...auth }) })).credentials;
    expect(read({ auth_type: 'v3token' }, { token: 't' }).method).toBe('token');
    expect(read({}, { token: 't' }).method).toBe('token');
    expect(
      read({ auth_type: 'v3applicationcredential' }, { application_credential_id: 'i', application_credential_secret: 's' }),
    ).toMatchObject({
      method: 'application_credential',
      credential: { id: 'i' },
    });
    const byName = { application_credential_name: 'n', application_credential_secret: 's', user_id: 'u' };
    expect(read({}, byName)).toMatchObject({ credential: { name: 'n' }, user: { id: 'u' } });
  });

  it('takes settings of the connection', () => {
    const settings = { interface: 'internalURL', regions: ['R1', 'R2'], verify: false, cacert: '/ca.pem', api_timeout: 30 };
    const read = readCloudConfig(host({ '/work/clouds.yaml': cloud({ ...settings, load_balancer_endpoint_override: 'http://lb' }) }));
    expect(read).toMatchObject({ interface: 'internal', region: 'R1', verify: false, cacert: '/ca.pem', timeoutMs: 30_000 });
    expect([...read.endpointOverrides]).toEqual([['load-balancer', 'http://lb']]);
  });

  it.each([
    ['no auth_url', cloud({ profile: 'vexxhost' }, { username: 'u', password: 'p' }), /auth_url is missing \(vendor profiles/],
    ['a strange auth_url', cloud({}, { ...plain, auth_url: 'ftp://me:hunter2@c' }), /auth_url is not an http/],
    ['no password', cloud({}, { ...plain, password: '' }), /password is missing/],
    ['no user', cloud({}, { ...plain, username: '' }), /username or user_id/],
    ['an unknown auth_type', cloud({ auth_type: 'v3kerberos' }), /auth_type v3kerberos/],
    ['an unknown interface', cloud({ interface: 'inside' }), /interface is inside/],
    ['no YAML', 'clouds: {one: {auth: {password: hunter2, : ]}}', /cannot be read .*line 1/],
  ])('says what is wrong with %s, without the password', (_, content, message) => {
    let error: unknown;
    try {
      readCloudConfig(host({ '/work/clouds.yaml': content }));
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'cloud-config', message: expect.stringMatching(message) });
    expect(inspect(error, { depth: 9 })).not.toContain('hunter2');
  });

  it('shows no secret when it is printed', () => {
    const config = readCloudConfig(host({ '/work/clouds.yaml': cloud() }));
    expect(inspect(config, { depth: 9, showHidden: true }) + JSON.stringify(config)).not.toContain('hunter2');
  });
});
