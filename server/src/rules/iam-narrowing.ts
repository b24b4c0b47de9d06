/** Whether the conditions of a statement narrow what it allows: judged in iam/, where hovers ask for it as well. */

export { looseness, type Narrowing, narrowing, narrowingBy } from '../iam/looseness.ts';
