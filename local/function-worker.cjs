// One instance of a function, in a thread of its own. An unhandled rejection ends the thread, as it ends it on AWS.
const { parentPort, workerData } = require('node:worker_threads');

const handler = require(workerData.file)[workerData.exportName];

parentPort.on('message', async ({ event, context, deadlineMs }) => {
  const getRemainingTimeInMillis = () => Math.max(0, deadlineMs - Date.now());
  try {
    const result = await handler(event, { ...context, getRemainingTimeInMillis });
    parentPort.postMessage({ result: result === undefined ? null : JSON.parse(JSON.stringify(result)) });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    parentPort.postMessage({ error: { name: error.name, message: error.message, stack: error.stack } });
  }
});
