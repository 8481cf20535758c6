// Keystone's catalogue: which URL a service has. Pure.
import type { CloudConfig } from './cloud-config.ts';
import { type JsonObject, objects, optionalText, text } from './json.ts';

/** Services that we talk to, by their official type. */
export type ServiceType = 'identity' | 'compute' | 'network' | 'image' | 'load-balancer' | 'block-storage';

/** Names that catalogues use besides; https://service-types.openstack.org. */
const aliases: Readonly<Record<ServiceType, readonly string[]>> = {
  identity: ['identity', 'identityv3'],
  compute: ['compute'],
  network: ['network'],
  image: ['image'],
  'load-balancer': ['load-balancer'],
  'block-storage': ['block-storage', 'block-store', 'volumev3', 'volumev2', 'volume'],
};

/** What a URL must end in; catalogues have it with and without. */
const versions: Readonly<Partial<Record<ServiceType, { readonly present: RegExp; readonly append: string }>>> = {
  identity: { present: /\/v3$/, append: '/v3' },
  network: { present: /\/v2\.0$/, append: '/v2.0' },
  image: { present: /\/v2(?:\.\d+)?$/, append: '/v2' },
  'load-balancer': { present: /\/v2(?:\.\d+)?$/, append: '/v2' },
};

export interface CatalogEndpoint {
  readonly type: string;
  readonly interface: string;
  readonly region: string | undefined;
  readonly url: string;
}

/** Endpoints of a token's catalogue. */
export const endpointsOf = (catalog: unknown): readonly CatalogEndpoint[] =>
  objects(catalog).flatMap((service) =>
    objects(service['endpoints']).map((endpoint: JsonObject) => ({
      type: text(service, 'type'),
      interface: text(endpoint, 'interface'),
      region: optionalText(endpoint, 'region_id') ?? optionalText(endpoint, 'region'),
      url: text(endpoint, 'url'),
    })),
  );

/** The URL as it was given, without a slash at its end, with the version that we speak. */
function versioned(service: ServiceType, url: string): string {
  const plain = url.replace(/\/+$/, '');
  const version = versions[service];
  return version === undefined || version.present.test(plain) ? plain : plain + version.append;
}

type Choice = Pick<CloudConfig, 'region' | 'interface' | 'endpointOverrides' | 'authUrl'>;

/** Root URL of a service; undefined when the catalogue lacks it in this region and interface. Keystone is where we logged in at worst. */
export function serviceRoot(service: ServiceType, endpoints: readonly CatalogEndpoint[], config: Choice): string | undefined {
  const types = aliases[service];
  for (const type of types) {
    const override = config.endpointOverrides.get(type);
    if (override !== undefined) return versioned(service, override);
  }
  const fitting = endpoints.filter(
    (one) =>
      types.includes(one.type) && one.interface === config.interface && (config.region === undefined || one.region === config.region),
  );
  // The first name in the list of aliases wins: volumev3 before volumev2.
  const [best] = fitting.toSorted((a, b) => types.indexOf(a.type) - types.indexOf(b.type));
  if (best !== undefined) return versioned(service, best.url);
  return service === 'identity' ? config.authUrl : undefined;
}

export const serviceTypes = Object.keys(aliases) as readonly ServiceType[];
