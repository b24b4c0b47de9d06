// Stands in for the native addon native-watchdog, which ends an extension host whose parent has died.
exports.start = () => {};
