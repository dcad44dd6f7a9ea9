/**
 * Every key of the table. Items that carry `expiresAtSeconds` are removed by DynamoDB some time after; readers pass over them
 * from that second on.
 *
 * | who asks                                     | how                                                      |
 * |----------------------------------------------|----------------------------------------------------------|
 * | what is published of a dataset               | get DATASETS, <dataset>                                  |
 * | what is published below a prefix             | query DATASETS, begins with <prefix>                     |
 * | may I work on a dataset; is it dirty         | update DATASETS, <dataset>, on a condition               |
 * | which runs of a dataset have pages           | get DATASETS, <dataset>                                  |
 * | one run's record                             | get RUN#<runId>, RECORD                                  |
 * | the newest runs                              | query index byTime: RUNS, <startedAt>#<runId> descending |
 * | one customer (or other id) of a run          | get RUN#<runId>, LOOKUP#<name>#<bucket>                  |
 * | a part of a long list of a run, in order     | query RUN#<runId>, LIST#<name>#<page> between two pages  |
 * | all pages of a run, to let them expire       | query RUN#<runId>                                        |
 * | one trained model's facts                    | get RUN#<runId>, MODEL                                   |
 * | the newest models                            | query index byTime: MODELS, descending                   |
 * | who was erased                               | query ERASED; one of them: get ERASED, <hash of the id>  |
 * | whose traces are still being removed         | query ERASING                                            |
 * | which uploads still hold an erased customer  | get STILL_IN#<dataset>, <hash>; query for a dataset      |
 * | how many tokens a day has taken              | update WORDS, TOKENS#<day>, on a condition               |
 * | words that were written for the same facts   | get WORDS, DRAFT#<hash>                                  |
 *
 * Pointer and lease of a dataset share one item, so that one write on one condition can both publish and check that nobody has
 * taken the lease since.
 */
export interface Key {
  pk: string;
  sk: string;
}

export const datasetsPartition = 'DATASETS';
export const runsByTime = { index: 'byTime', partition: 'RUNS' };
export const modelsByTime = { index: 'byTime', partition: 'MODELS' };

export const datasetKey = (dataset: string): Key => ({ pk: datasetsPartition, sk: dataset });

export const runPartition = (runId: string): string => `RUN#${runId}`;

export const runRecordKey = (runId: string): Key => ({ pk: runPartition(runId), sk: 'RECORD' });

export const modelKey = (runId: string): Key => ({ pk: runPartition(runId), sk: 'MODEL' });

/** `path` is the bucket's number, with the number of its part after a dot where the bucket is split. */
export const lookupPageKey = (runId: string, name: string, path: string): Key => ({
  pk: runPartition(runId),
  sk: `LOOKUP#${name}#${path}`,
});

/** Padded, so that pages sort as numbers do. */
export const listPageKey = (runId: string, name: string, page: number): Key => ({
  pk: runPartition(runId),
  sk: `LIST#${name}#${String(page).padStart(8, '0')}`,
});

export const erasedPartition = 'ERASED';
export const erasingPartition = 'ERASING';

export const erasedKey = (idHash: string): Key => ({ pk: erasedPartition, sk: idHash });

export const erasingKey = (idHash: string): Key => ({ pk: erasingPartition, sk: idHash });

export const stillInPartition = (dataset: string): string => `STILL_IN#${dataset}`;

export const stillInKey = (dataset: string, idHash: string): Key => ({
  pk: stillInPartition(dataset),
  sk: idHash,
});
/** What the function that writes words may change; its role names this partition. */
const wordsPartition = 'WORDS';

/** `day` as 2026-10-31, in UTC. */
export const tokensKey = (day: string): Key => ({ pk: wordsPartition, sk: `TOKENS#${day}` });

export const draftKey = (hash: string): Key => ({ pk: wordsPartition, sk: `DRAFT#${hash}` });
