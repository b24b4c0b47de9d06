/** What a plain YAML scalar is, as CloudFormation reads it: YAML 1.1, with numbers kept narrow. */

const NULLS = new Set(['~', 'null', 'Null', 'NULL']);
const TRUES = new Set(['true', 'True', 'TRUE', 'yes', 'Yes', 'YES', 'on', 'On', 'ON']);
const FALSES = new Set(['false', 'False', 'FALSE', 'no', 'No', 'NO', 'off', 'Off', 'OFF']);

/**
 * Value of a plain scalar. Dates stay strings, and so do numbers that a number would not keep as written: leading zeros
 * (account ids), `1_000`, `22:22`, and integers too large to be exact.
 */
export function plainValue(source: string): string | number | boolean | null {
  const c = source.charCodeAt(0);
  if ((c >= 48 && c <= 57) || c === 43 || c === 45 || c === 46) {
    if (!isNumber(source)) return source;
    const number = Number(source);
    return Number.isFinite(number) && (Math.abs(number) <= Number.MAX_SAFE_INTEGER || /[.eE]/.test(source))
      ? number
      : source;
  }
  if (source.length > 5) return source;
  if (TRUES.has(source)) return true;
  if (FALSES.has(source)) return false;
  if (NULLS.has(source)) return null;
  return source;
}

function isNumber(source: string): boolean {
  return (
    /^[-+]?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][-+]?\d+)?$/.test(source) ||
    /^[-+]?\.\d+(?:[eE][-+]?\d+)?$/.test(source) ||
    /^0x[\da-fA-F]+$/.test(source)
  );
}

/** Whether some YAML reader would read this text, written plain, as something other than that string. */
export function looksTyped(text: string): boolean {
  if (text === '' || typeof plainValue(text) !== 'string') return true;
  if (/^[yYnN]$/.test(text)) return true;
  // Octal, binary, underscores, base 60, infinity, dates: types of YAML 1.1.
  if (/^[-+]?(?:0[xob])?[\d_.,:]*(?:[eE][-+]?\d+)?$/i.test(text) && /\d/.test(text)) return true;
  if (/^0x[\da-f_]+$/i.test(text) || /^[-+]?\.(?:inf|nan)$/i.test(text)) return true;
  return /^\d{4}-\d\d?-\d\d?(?:[Tt\s].*)?$/.test(text) || text === '<<' || text === '=';
}
