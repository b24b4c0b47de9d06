// Stands in for node:assert/strict where there is no Node: the functions that the suites of test/vscode use, as strict as theirs.

const text = (value: unknown): string => {
  try {
    return typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value, null, 1) ?? String(value));
  } catch {
    return String(value);
  }
};

function fail(message: string | undefined, otherwise: string): never {
  throw new Error(message ? `${message}: ${otherwise}` : otherwise);
}

export function ok(value: unknown, message?: string): asserts value {
  if (!value) fail(message, `${text(value)} is not truthy`);
}

export function equal(actual: unknown, expected: unknown, message?: string): void {
  if (!Object.is(actual, expected)) fail(message, `${text(actual)} is not ${text(expected)}`);
}

export function notEqual(actual: unknown, expected: unknown, message?: string): void {
  if (Object.is(actual, expected)) fail(message, `${text(actual)} on both sides`);
}

export function deepEqual(actual: unknown, expected: unknown, message?: string): void {
  if (!same(actual, expected)) fail(message, `${text(actual)} is not equal to ${text(expected)}`);
}

export function match(actual: string, pattern: RegExp, message?: string): void {
  if (!pattern.test(actual)) fail(message, `${text(actual)} does not match ${pattern}`);
}

export function doesNotMatch(actual: string, pattern: RegExp, message?: string): void {
  if (pattern.test(actual)) fail(message, `${text(actual)} matches ${pattern}`);
}

export async function rejects(promise: Promise<unknown> | (() => Promise<unknown>), message?: string): Promise<void> {
  let fulfilled = true;
  try {
    await (typeof promise === 'function' ? promise() : promise);
  } catch {
    fulfilled = false;
  }
  if (fulfilled) fail(message, 'it was expected to reject');
}

/** Same prototype, same own keys, same values, at every depth. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Map || a instanceof Set || a instanceof Date || a instanceof RegExp)
    throw new Error(`deepEqual does not know ${a.constructor.name}`);
  const keys = Reflect.ownKeys(a);
  const others = Reflect.ownKeys(b);
  if (keys.length !== others.length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && same(Reflect.get(a, key), Reflect.get(b, key)));
}
