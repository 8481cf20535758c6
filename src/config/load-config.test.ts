import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeTemporaryFolders, temporaryTree } from '../../test/support/temporary-folder.ts';
import { formatCidr } from '../base/ip.ts';
import { type Config, loadConfig } from './load-config.ts';
import { configSchema, settings, suggestion } from './settings.ts';

removeTemporaryFolders();

const load = (text: string): Config => loadConfig(join(temporaryTree({ 'vedette.yaml': text }), 'vedette.yaml'));

describe('the configuration', () => {
  it('is read with every example of the table in it', () => {
    const config = load(settings.map(({ example }) => example).join('\n'));
    expect(config.local?.map(formatCidr)).toEqual(['203.0.113.0/24', '2001:db8:1::/48']);
    expect(config.known?.map(({ label, range }) => `${label}=${formatCidr(range)}`)).toEqual([
      'jump host=198.51.100.7',
      'monitoring=198.51.100.16/28',
    ]);
    expect(config).toMatchObject({
      tune: { 'D02-port-scan': { ports: 50 } },
      language: 'nb',
      format: 'json',
      vxlanPorts: [4789, 8472],
      genevePorts: [6081],
    });
  });

  it('may be empty', () => {
    expect(load('# nothing yet\n')).toEqual({});
  });

  it.each([
    ['lokal: []', /unknown key "lokal", did you mean "local"\?/],
    ['vxlan_port: [1]', /unknown key "vxlan_port", did you mean "vxlanPorts"\?/],
    ['zebra: 1', /unknown key "zebra"; see/],
    ['local: 10.0.0.0/8', /local must be a list/],
    ['local: [10.0.0.0/99]', /"10.0.0.0\/99" is not an address or CIDR/],
    ['known: {a: [x]}', /known.a: "x" is not/],
    ['language: fr', /language must be one of en, nb/],
    ['vxlanPorts: [0]', /vxlanPorts\[0\] must be from 1 to 65535/],
    ['tune: {D02: {ports: many}}', /tune.D02.ports must be a number/],
    ['- a', /must be a map of keys/],
    ['notify: {team: {host: x}}', /notify.team needs type/],
    ['notify: {team: {type: pigeon}}', /notify.team.type must be one of smtp/],
    ['notify: {team: {type: smtp, password: x}}', /notify.team: unknown key "password"/],
    ['notify: {team: {type: slack, host: x}}', /notify.team of type slack has no key host/],
    ['notifications: https://u:hunter2@h/', /^(?!.*hunter2).*notifications must be amqp:/],
    ['notifications: [amqp://h]', /notifications must be a text/],
    ['a: [', /is not YAML/],
    ['a: &a [1]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]', /is not YAML|unknown key/],
  ])('%j is refused in one sentence', (text, sentence) => {
    expect(() => load(text)).toThrow(sentence);
  });

  it('has a schema that knows every key and no other', () => {
    expect(configSchema()).toMatchObject({ type: 'object', additionalProperties: false });
    expect(Object.keys(configSchema()['properties'] as object)).toEqual(settings.map(({ key }) => key));
    expect(suggestion('genevport')).toBe('genevePorts');
  });
});
