// User settings of every VS Code that the tests start: nothing pops up, nothing asks, nothing reaches for the network.
export const quiet = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'json.schemaDownload.enable': false,
  'files.autoSave': 'off', // as on the desktop; the web's default writes edits to disk after a second
  'git.enabled': false,
  'editor.hover.delay': 100,
};

/** Restricted Mode: what a stranger's folder looks like before anyone has clicked "I trust the authors". */
export const untrusted = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};
