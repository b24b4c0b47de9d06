/**
 * When support of Kubernetes versions on Amazon EKS ends.
 * Source: Amazon EKS User Guide, "Understand the Kubernetes version lifecycle on EKS", release calendar.
 */

/** The day that {@link supportOf} judges by; the calendar is data and does not look at the clock. */
export const EKS_VERSIONS_AS_OF = '2026-11-22';

/** By minor version: the last days of standard and of extended support. */
const CALENDAR: Readonly<Record<number, readonly [standard: string, extended: string]>> = {
  29: ['2025-03-23', '2026-03-23'],
  30: ['2025-07-23', '2026-07-23'],
  31: ['2025-11-26', '2026-11-26'],
  32: ['2026-03-23', '2027-03-23'],
  33: ['2026-07-29', '2027-07-29'],
  34: ['2026-12-02', '2027-12-02'],
  35: ['2027-03-27', '2028-03-27'],
};
const OLDEST = 29;
/** The newest version whose support is known. */
export const NEWEST_EKS_VERSION = `1.${Math.max(...Object.keys(CALENDAR).map(Number))}`;

export interface VersionSupport {
  readonly state: 'standard' | 'extended' | 'ended';
  /** When standard support ended; absent for versions that the calendar no longer shows. */
  readonly standardEnds?: string;
  readonly extendedEnds?: string;
}

/** The support of a version written as `1.31`; undefined for what is none. Versions newer than the calendar are supported. */
export function supportOf(version: string): VersionSupport | undefined {
  const match = /^1\.(\d{2})$/.exec(version.trim());
  if (!match) return undefined;
  const minor = Number(match[1]);
  const dates = CALENDAR[minor];
  if (!dates) return { state: minor < OLDEST ? 'ended' : 'standard' };
  const [standardEnds, extendedEnds] = dates;
  const state =
    EKS_VERSIONS_AS_OF < standardEnds ? 'standard' : EKS_VERSIONS_AS_OF < extendedEnds ? 'extended' : 'ended';
  return { state, standardEnds, extendedEnds };
}
