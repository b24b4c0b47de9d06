/**
 * All of the server that `initialize` is answered without: a file of its own, which the Node server and the browser's worker load
 * after their answer. It takes the protocol from them (scripts/build.mjs): its classes are compared by identity.
 */

export { setActionDataSource } from './iam/reference.ts';
export { serve } from './lsp/connection.ts';
