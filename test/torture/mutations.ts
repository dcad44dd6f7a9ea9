/** Safeguards, each with the text that makes it and what is left without it. */
export const mutants: { name: string; file: string; from: string; to: string }[] = [
  {
    name: 'the fence of a publication',
    file: 'lib/store/pointer.ts',
    from: "'(attribute_not_exists(#fence) OR #fence <= :fence) AND ' +",
    to: "'(attribute_not_exists(#fence) OR #fence > :none) AND ' +",
  },
  {
    name: 'the pointer read of a look',
    file: 'lib/pipeline/runIfChanged.ts',
    from: "if (record.status === 'published') return pointer?.runId === plan.runId;",
    to: "if (record.status === 'published') return true;",
  },
  {
    name: 'the pointer read after files were placed',
    file: 'lib/pipeline/lastingFiles.ts',
    from: 'if (current?.sequence === aligned?.sequence) return;',
    to: 'return;',
  },
  {
    name: 'the retry loop of a batch',
    file: 'lib/store/batchWrite.ts',
    from: 'if (left.length === 0) return;',
    to: 'return;',
  },
  {
    name: 'the length check of an object',
    file: 'lib/store/objects.ts',
    from: 'if (received === length) return;',
    to: 'return;',
  },
  {
    name: 'the ETag of an object that is read',
    file: 'lib/store/objects.ts',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a template in the file.
    from: '...(ifMatch !== undefined && { IfMatch: `"${ifMatch}"` }),',
    to: '',
  },
  {
    name: 'the cutoff of what has expired',
    file: 'lib/store/table.ts',
    from: "return typeof expiresAtSeconds !== 'number' || expiresAtSeconds > clock() / 1000;",
    to: 'return true;',
  },
  {
    name: 'the list of runs with pages',
    file: 'lib/pipeline/executeRun.ts',
    from: 'const pagedRuns = [...others, { runId, expiredAtMs: null }];',
    to: 'const pagedRuns = others;',
  },
  {
    name: 'the second look for late writers',
    file: 'lib/pipeline/retireRuns.ts',
    from: 'if (expiredAtMs === null || isOver) {',
    to: 'if (expiredAtMs === null) {',
  },
  {
    name: 'one holder of the lease at a time',
    file: 'lib/store/lease.ts',
    from: "'attribute_not_exists(#leaseUntilMs) OR #leaseUntilMs <= :now OR #leaseOwner = :owner'",
    to: "'attribute_not_exists(#leaseUntilMs) OR #leaseUntilMs <> :now OR #leaseOwner = :owner'",
  },
  {
    name: 'the mark that asks the holder to look again',
    file: 'lib/store/lease.ts',
    from: "expression: '#fence = :fence AND #dirty = :clean', values: { fence, clean: false }",
    to: "expression: '#fence = :fence', values: { fence }",
  },
  {
    name: 'the manifest that goes back with the pointer',
    file: 'lib/store/pointer.ts',
    from: 'manifest: JSON.stringify(to.manifest),',
    to: 'manifest: JSON.stringify(from.manifest),',
  },
  {
    name: 'the day of grace for who reads a run that is superseded',
    file: 'lib/pipeline/retireRuns.ts',
    from: 'const graceSeconds = 24 * 3600;',
    to: 'const graceSeconds = 0;',
  },
  {
    name: 'what an invocation that goes on takes over of what was said of the run',
    file: 'lib/pipeline/units.ts',
    from: 'for (const fact of facts) tell(fact);',
    to: '',
  },
  {
    name: 'the lease that is free before the next invocation is called',
    file: 'lib/pipeline/lookAgain.ts',
    from: "while (release === 'dirty') release = await releaseLease(platform.table, lease);",
    to: '',
  },
  {
    name: 'the look at the list of the erased before a publication',
    file: 'lib/pipeline/executeRun.ts',
    from: 'if ((await readErased(platform)).digest !== erased.digest) throw new ObjectChanged(erasuresKey);',
    to: '',
  },
  {
    name: 'the second pass over what is stored, for late writers',
    file: 'lib/pipeline/erasure/eraseStored.ts',
    from: 'nowMs - requestedAtMs > lateWritersMs',
    to: 'nowMs >= requestedAtMs',
  },
  {
    name: 'what readers hide while traces are removed',
    file: 'functions/http/erasedReaders.ts',
    from: 'return entries.filter((_, place) => !erased.has(hashes[place] as string));',
    to: 'return entries;',
  },
];
