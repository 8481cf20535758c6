// Foreign JSON, looked at with care: whatever is not what it should be reads as absent.

export type JsonObject = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one when it is something else. */
export const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

/** The objects of a list; nothing when it is no list. */
export const objects = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.map(asObject) : []);

/** The texts of a list. */
export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];

/** A text that is there and not empty. */
export const optionalText = (from: JsonObject, key: string): string | undefined => {
  const value = from[key];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** A text; '' when it is missing. */
export const text = (from: JsonObject, key: string): string => optionalText(from, key) ?? '';

/** A number, also one written as text. */
export const optionalNumber = (from: JsonObject, key: string): number | undefined => {
  const value = from[key];
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
};

/** A truth value; `otherwise` when it is missing. */
export const flag = (from: JsonObject, key: string, otherwise: boolean): boolean => {
  const value = from[key];
  return typeof value === 'boolean' ? value : otherwise;
};

/** Texts by name; anything else is left out. */
export const textMap = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(asObject(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

/** `{ [key]: value }` when there is a value: for properties that are absent otherwise. */
export const given = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
