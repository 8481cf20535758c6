// What Keystone gives: a token, what it is good for and until when, and the catalogue. Requests and answers of POST /v3/auth/tokens. Pure.
import type { CloudIdentity } from '../cloud.ts';
import { Secret } from '../redactor.ts';
import { type CatalogEndpoint, endpointsOf } from './catalog.ts';
import type { CloudConfig, Scope } from './cloud-config.ts';
import { asObject, type JsonObject, objects, optionalText, text } from './json.ts';

/** A token in use. */
export interface Grant {
  readonly token: Secret;
  /** By our clock. */
  readonly expiresAtMs: number;
  readonly identity: CloudIdentity;
  readonly scope: Scope['kind'];
  /** `project acme-web`, `system`, … */
  readonly scopeText: string;
  readonly endpoints: readonly CatalogEndpoint[];
}

function identityRequest({ credentials }: CloudConfig): JsonObject {
  switch (credentials.method) {
    case 'password':
      return { methods: ['password'], password: { user: { ...credentials.user, password: credentials.password.reveal() } } };
    case 'token':
      return { methods: ['token'], token: { id: credentials.token.reveal() } };
    case 'application_credential': {
      const { credential, user, secret } = credentials;
      return {
        methods: ['application_credential'],
        application_credential: { ...credential, ...(user !== undefined && { user }), secret: secret.reveal() },
      };
    }
  }
}

function scopeRequest({ credentials, scope }: CloudConfig): JsonObject {
  // An application credential belongs to one project; asking for a scope is an error.
  if (credentials.method === 'application_credential') return {};
  switch (scope.kind) {
    case 'project':
      return { scope: { project: scope.project } };
    case 'domain':
      return { scope: { domain: scope.domain } };
    case 'system':
      return { scope: { system: { all: true } } };
    case 'none':
      return {};
  }
}

/** The body that asks for a token. Holds secrets: it goes to the wire and nowhere else. */
export const tokenRequest = (config: CloudConfig): JsonObject => ({
  auth: { identity: identityRequest(config), ...scopeRequest(config) },
});

function scopeOfToken(token: JsonObject): { readonly kind: Scope['kind']; readonly text: string } {
  const project = asObject(token['project']);
  const domain = asObject(token['domain']);
  if (optionalText(project, 'id') !== undefined) return { kind: 'project', text: `project ${text(project, 'name')}` };
  if (token['system'] !== undefined) return { kind: 'system', text: 'system' };
  return optionalText(domain, 'id') === undefined
    ? { kind: 'none', text: 'nothing' }
    : { kind: 'domain', text: `domain ${text(domain, 'name')}` };
}

/** A token without an end is asked for anew after an hour. */
const unknownLifetimeMs = 3_600_000;

/**
 * Reads Keystone's answer. Its clock may be wrong, or ours: only how long the token lives is taken from it.
 * @returns undefined when it is no token
 */
export function grantOf(header: string | undefined, body: unknown, nowMs: number): Grant | undefined {
  const token = asObject(asObject(body)['token']);
  const user = asObject(token['user']);
  const userId = optionalText(user, 'id');
  if (header === undefined || userId === undefined) return undefined;
  const lifetime = Date.parse(text(token, 'expires_at')) - Date.parse(text(token, 'issued_at'));
  const roles = objects(token['roles']).map((role) => text(role, 'name'));
  const project = asObject(token['project']);
  const projectId = optionalText(project, 'id');
  const scope = scopeOfToken(token);
  return {
    token: new Secret(header),
    expiresAtMs: nowMs + (Number.isNaN(lifetime) ? unknownLifetimeMs : lifetime),
    identity: {
      userId,
      userName: text(user, 'name'),
      ...(projectId !== undefined && { projectId, projectName: text(project, 'name') }),
      roles,
      isAdmin: roles.includes('admin') && (scope.kind === 'project' || scope.kind === 'system'),
    },
    scope: scope.kind,
    scopeText: scope.text,
    endpoints: endpointsOf(token['catalog']),
  };
}
