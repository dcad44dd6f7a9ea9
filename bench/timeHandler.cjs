/**
 * A process that holds a bundled function and nothing else, as one of Lambda does: it times what it is asked to, so that neither
 * the heap of a bench nor what compiles it is in the figures.
 */

const [, , file] = process.argv;
const { handler } = require(file);

process.on('message', async ({ event, warm, requests }) => {
  for (let each = 0; each < warm; each++) await handler(event);
  const answers = [];
  for (let each = 0; each < requests; each++) answers.push(await timed(event));
  process.send(answers);
});

/** Milliseconds of the clock and of CPU time, all threads together. */
async function timed(event) {
  const from = performance.now();
  const cpuFrom = process.cpuUsage();
  const { statusCode, body } = await handler(event);
  const ms = performance.now() - from;
  const { user, system } = process.cpuUsage(cpuFrom);
  const problem = statusCode === 200 ? null : `${statusCode}: ${body.slice(0, 200)}`;
  return { ms, cpuMs: (user + system) / 1000, bytes: body.length, problem };
}
