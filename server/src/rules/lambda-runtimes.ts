/**
 * Lifecycle of the managed Lambda runtimes: the dates of the page "Lambda runtimes" (AWS Lambda Developer Guide) as cfn-lint 1.58
 * carries them; those of current languages were compared with endoflife.date. Rules know no clock: a runtime counts as
 * deprecated if it was on {@link RUNTIMES_AS_OF}.
 */

export const RUNTIMES_AS_OF = '2026-11-22';

export interface RuntimeFacts {
  /** No more security patches or support from that day on. */
  readonly deprecated: string;
  /** From that day on no function can be created with it. */
  readonly noCreate?: string;
  /** A current runtime of the same language; absent where the code must be built anew for one. */
  readonly successor?: string;
}

const NODE = 'nodejs24.x';
const PYTHON = 'python3.14';
const DOTNET = 'dotnet10';
const JAVA = 'java25';
const RUBY = 'ruby3.4';

/** By identifier: those with a date of deprecation up to {@link RUNTIMES_AS_OF}. */
export const DEPRECATED_RUNTIMES: Readonly<Record<string, RuntimeFacts>> = {
  nodejs: { deprecated: '2016-08-30', noCreate: '2016-09-30', successor: NODE },
  'nodejs4.3': { deprecated: '2020-03-05', noCreate: '2020-02-03', successor: NODE },
  'nodejs4.3-edge': { deprecated: '2020-03-05', noCreate: '2019-03-31', successor: NODE },
  'nodejs6.10': { deprecated: '2019-08-12', noCreate: '2019-07-12', successor: NODE },
  'nodejs8.10': { deprecated: '2020-03-06', noCreate: '2020-02-04', successor: NODE },
  'nodejs10.x': { deprecated: '2021-07-30', noCreate: '2021-07-30', successor: NODE },
  'nodejs12.x': { deprecated: '2023-03-31', noCreate: '2023-03-31', successor: NODE },
  'nodejs14.x': { deprecated: '2023-12-04', noCreate: '2024-01-09', successor: NODE },
  'nodejs16.x': { deprecated: '2024-06-12', noCreate: '2027-02-01', successor: NODE },
  'nodejs18.x': { deprecated: '2025-09-01', noCreate: '2027-02-01', successor: NODE },
  'nodejs20.x': { deprecated: '2026-04-30', noCreate: '2027-02-01', successor: NODE },
  'python2.7': { deprecated: '2021-07-15', noCreate: '2021-07-15', successor: PYTHON },
  'python3.6': { deprecated: '2022-07-18', noCreate: '2022-07-18', successor: PYTHON },
  'python3.7': { deprecated: '2023-12-04', noCreate: '2024-01-09', successor: PYTHON },
  'python3.8': { deprecated: '2024-10-14', noCreate: '2027-02-01', successor: PYTHON },
  'python3.9': { deprecated: '2025-12-15', noCreate: '2027-02-01', successor: PYTHON },
  'python3.10': { deprecated: '2026-10-31', noCreate: '2027-02-01', successor: PYTHON },
  'dotnetcore1.0': { deprecated: '2019-06-27', noCreate: '2019-06-30', successor: DOTNET },
  'dotnetcore2.0': { deprecated: '2019-05-30', noCreate: '2019-04-30', successor: DOTNET },
  'dotnetcore2.1': { deprecated: '2022-01-05', noCreate: '2022-01-05', successor: DOTNET },
  'dotnetcore3.1': { deprecated: '2023-04-03', noCreate: '2023-04-03', successor: DOTNET },
  dotnet6: { deprecated: '2024-12-20', noCreate: '2027-02-01', successor: DOTNET },
  dotnet8: { deprecated: '2026-11-10', noCreate: '2027-02-01', successor: DOTNET },
  'go1.x': { deprecated: '2024-01-08', noCreate: '2024-02-08' },
  java8: { deprecated: '2024-01-08', noCreate: '2024-02-08', successor: JAVA },
  'ruby2.5': { deprecated: '2021-07-30', noCreate: '2021-07-30', successor: RUBY },
  'ruby2.7': { deprecated: '2023-12-07', noCreate: '2024-01-09', successor: RUBY },
  'ruby3.2': { deprecated: '2026-03-31', noCreate: '2027-02-01', successor: RUBY },
  provided: { deprecated: '2024-01-08', noCreate: '2024-02-08', successor: 'provided.al2023' },
  'provided.al2': { deprecated: '2026-07-31', noCreate: '2027-02-01', successor: 'provided.al2023' },
};
