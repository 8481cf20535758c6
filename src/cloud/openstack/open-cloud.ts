// Makes an OpenStack cloud from clouds.yaml and the environment. Reads files; connects to nothing.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { VedetteError } from '../../base/errors.ts';
import type { CloudChoice } from '../cloud.ts';
import { HttpClient, type HttpSettings } from '../http.ts';
import { Redactor } from '../redactor.ts';
import { type CloudRuntime, nodeRuntime } from '../runtime.ts';
import { OpenStackApi } from './api.ts';
import type { CloudConfig } from './cloud-config.ts';
import { type ConfigHost, readCloudConfig } from './clouds-yaml.ts';
import { OpenStackCloud } from './openstack-cloud.ts';
import { Session } from './session.ts';

/** Text of a file; undefined when it does not exist. */
function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function pem(cloud: string, key: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new VedetteError('cloud-config', { cloud, problem: `${key} names ${path}, which cannot be read (${code})` }, { cause });
  }
}

function httpSettings(config: CloudConfig, version: string): HttpSettings {
  const { name, cacert, cert, key, verify, timeoutMs } = config;
  return {
    cloud: name,
    userAgent: `vedette/${version}`,
    verify,
    ...(cacert !== undefined && { ca: pem(name, 'cacert', cacert) }),
    ...(cert !== undefined && { certificate: { cert: pem(name, 'cert', cert), key: pem(name, 'key', key ?? cert) } }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
}

/** Wires a cloud of this configuration. */
export function openStackCloud(config: CloudConfig, version: string, runtime: CloudRuntime = nodeRuntime): OpenStackCloud {
  const redactor = new Redactor();
  const http = new HttpClient(httpSettings(config, version), redactor, runtime);
  const session = new Session(config, { http, redactor, runtime });
  return new OpenStackCloud({ api: new OpenStackApi({ config, session, http, redactor }), http, runtime });
}

/** Opens the cloud that the choice, the environment and clouds.yaml mean; `version` is this program's. @throws {VedetteError} `cloud-config` */
export function openCloud({ name, configured, version }: CloudChoice & { readonly version: string }): OpenStackCloud {
  const host: ConfigHost = { env: process.env, workingDirectory: process.cwd(), homeDirectory: homedir(), readText };
  return openStackCloud(readCloudConfig(host, name, configured), version);
}
