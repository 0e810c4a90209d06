/**
 * Every bound of the program in one place: name with its unit, value, and the reason for the value.
 * Reaching a bound is counted and visible; nothing here is a silent cut.
 */
export const limits = {
  /** A tile holds about this much framed input; one larger event is a tile of its own. Measured: 256 KiB to 2 MiB make no difference in speed, and a dozen are on their way at a time. */
  tileBytes: 512 * 1024,
  /** Events a tile holds at most, so that its columns stay small when events are tiny. */
  tileEvents: 16_384,
  /** Readable bytes after the last event of a tile: SIMD kernels read up to 64 bytes ahead. */
  tilePaddingBytes: 64,
  /** Longest single event or line. A LIST at RequestResponse level exceeds 2 MB in practice. */
  eventBytes: 64 * 1024 * 1024,
  /** Nesting of arrays and objects; deeper input becomes a stub. kube-apiserver's own decoder stops at 10,000. */
  jsonDepth: 512,
  /** Documents inside strings inside documents (last-applied inside a patch annotation inside …). */
  nestedDocuments: 6,
  /** Shorter runs of base64 or hexadecimal digits hold nothing that a pattern would find. */
  encodedBytes: 16,
  /** Text taken out of encodings and compression for one event; what goes beyond is masked whole. Held against a small value that unpacks to a large one. */
  decodedBytes: 8 * 1024 * 1024,
  /** Steps of decoding one inside the other (base64 of gzip of YAML with base64 in it …); deeper text is masked whole. */
  decodedLevels: 12,
  /** Nesting of structured text other than JSON; deeper text is searched, not taken apart. */
  textDepth: 64,
  /** Words of one command line that are looked at as a command line. */
  commandWords: 4_096,
  /** Stub lines say little: room for an id, a reason, a size and a digest. */
  stubBytes: 1024,
  /** Longest name of a member that is classified by name; longer ones are not names. */
  nameBytes: 256,
  /** Expressions whose triggers are remembered while packs are compiled. */
  rememberedExpressions: 4_096,
  /** Distinct values remembered per generation of a value cache; two generations exist at a time. Measured: twice as many are no faster. */
  cacheEntries: 8_192,
  /** Strings whose effects are remembered, per generation of two, the bytes they may take, and the longest of them. A last-applied object of a few kilobytes repeats with every update. */
  rememberedStrings: 16_384,
  rememberedStringBytes: 2 * 1024 * 1024,
  rememberedStringLength: 8 * 1024,
  /** Values longer than this are not cached: they repeat too rarely to pay for their memory. */
  cachedValueBytes: 512,
  /** Bytes before and after a match that are looked at as its line: a log line may be a megabyte, and every match asks. */
  checkedLineBytes: 1024,
  /** Matches of a companion expression whose distance is looked at; beyond it one counts as near, so that more is masked. */
  companionMatches: 1_000,
  /** Closed when it reaches this size … */
  segmentBytes: 64 * 1024 * 1024,
  /** … or this age, so that an idle log still rolls. */
  segmentAgeMs: 60 * 60 * 1000,
  /** Space kept free by a reserve file so that acknowledging and deleting work on a full disk. */
  reserveBytes: 8 * 1024 * 1024,
  /** Tiles that are written and synced together: enough to share a sync, little enough to answer soon. */
  logGroupBytes: 16 * 1024 * 1024,
  /** A batch a reader hands out is about this much; one larger record is a batch of its own. */
  logBatchBytes: 1024 * 1024,
  /** A reader that has come to the end of the log waits this long after the next append: hundreds of small appends a second are read a dozen at a time. */
  logGatherMs: 20,
  /** How often a reader in another process looks for more. */
  logPollMs: 200,
  /** How often the log looks after itself: age of the segment, space after a full disk. */
  logTickMs: 1000,
  /** How often a log that is still being written is sealed, as CloudTrail does: what was written since can be changed unseen. */
  sealEveryMs: 60 * 60 * 1000,
  /** How often an agent verifies its own logs, and how fast it reads for that: a few percent of a core, 2.7 TB a day. */
  verifyEveryMs: 24 * 60 * 60 * 1000,
  verifyBytesPerSecond: 32 * 1024 * 1024,
  /** Originals that wait to be sealed, how long at most, and how long one may be; pseudonyms of sealed ones that are remembered (about 100 bytes each). */
  vaultWaiting: 10_000,
  vaultWaitMs: 1_000,
  vaultRetryMs: 30_000,
  vaultValueBytes: 1024,
  vaultRemembered: 500_000,
  /** Audit IDs remembered, per generation of two, to notice one that stands for two events. About 150 bytes each. */
  auditIds: 32_768,
  /** Records remembered to recognise a repeat, and for how long. kube-apiserver retries a batch for minutes. */
  dedupeRecords: 2_000_000,
  dedupeWindowMs: 15 * 60 * 1000,
  /** The heap may grow by this share of what is alive before it is collected. V8 alone lets it grow threefold for speed that is not measurable here. */
  heapGrowthPercent: 30,
  /** V8's space for new objects, both halves of it. It would grow to four times as much, for speed that is not measurable here. */
  newSpaceBytes: 8 * 1024 * 1024,
  /** Events may arrive this much out of order before a window closes without them. */
  latenessMs: 5 * 60 * 1000,
  /** A control plane in use makes events every few seconds; this long without one is worth a look. */
  silenceMs: 15 * 60 * 1000,
  /** Event time is never believed to be further ahead of receive time than this. */
  clockAheadMs: 5_000,
  /** Groups (for example one per address) a correlation keeps at once; the stalest is evicted and counted. */
  correlationGroups: 100_000,
  /** Entries of all groups of all correlations together; beyond it the stalest groups are evicted and counted. About 200 bytes each. */
  correlationEntries: 1_000_000,
  /** Bytes of the events log that are read again where the state of correlations was lost: a minute or two of work. */
  rebuildBytes: 2 * 1024 * 1024 * 1024,
  /** Values a first-seen rule knows exactly; the stalest beyond it move to a filter that errs in one of a hundred. */
  firstSeenValues: 100_000,
  /** Groups an absence rule waits for; each keeps what a finding would show of it. */
  absenceGroups: 20_000,
  /** Events of one group that wait for an answer. */
  absenceStarts: 1_000,
  /** Objects of which it is remembered who changed them, or what they were made from. About 400 bytes each. */
  originObjects: 20_000,
  /** Owners that are followed from an object: cron job, job, pod, and as many again. */
  originSteps: 8,
  /** Entries a single group keeps; beyond it the oldest leave, and what comes for their time is counted without being looked at. */
  groupEntries: 10_000,
  /** Objects, identities and grants that a posture report keeps of each kind; the stalest beyond it are given up and counted. About 500 bytes each. */
  postureObjects: 50_000,
  /** Distinct kinds of requests that are remembered of one binding: more than any role names. */
  grantRequests: 500,
  /** Distinct kinds of requests, and names of one kind, that a role is suggested from. */
  suggestedRequests: 20_000,
  suggestedNames: 32,
  /** Maps, lists and texts that a document of a rule file stands for, aliases followed: far more than people write, and read in a moment. */
  ruleFileNodes: 1_000_000,
  /** Nested parentheses of a Falco condition. Falco itself stops at about as many. */
  conditionDepth: 200,
  /** Characters of one value, and of the whole text, in the output of a Falco rule: enough to read, too little to flood. */
  outputValueCharacters: 512,
  outputCharacters: 8_192,
  /** Epochs a key file holds, destroyed ones included: three years of daily rotation, in a file that is read in a moment. */
  keyEpochs: 1_024,
  /** A note of what somebody did says little; a larger file in the notes folder is not one. */
  noteBytes: 64 * 1024,
  /** Notes taken up in one go; the rest waits for the next. */
  notesAtOnce: 256,
  /** Largest request body, before and after decompression. Bodies are taken apart while they arrive, so this is no question of memory. */
  webhookBodyBytes: 1024 * 1024 * 1024,
  /** Events of request bodies in memory, not yet in the log, of all requests together. Beyond it bodies are read no further, the oldest one excepted. */
  webhookInFlightBytes: 64 * 1024 * 1024,
  /** Requests that are read or wait for the log at once. kube-apiserver sends 10 a second; more than this is a queue nobody gets through in time. */
  webhookRequests: 256,
  /** A request waits this long for its turn to be read, then it is told to come again. kube-apiserver gives up after 30 s. */
  webhookQueueMs: 5_000,
  /** Tiles of request bodies: small enough that one large body does not keep small ones waiting. */
  webhookTileBytes: 256 * 1024,
  /** Tiles of one body that are not in the log yet; then its reading pauses. */
  webhookTilesPerBody: 4,
  /** Connections at once, and from one address. The oldest that never proved who it is makes room for a new one. */
  webhookConnections: 2_048,
  webhookConnectionsPerAddress: 512,
  /** Bytes of a request's header: a bearer token and a dozen ordinary fields. */
  webhookHeaderBytes: 16 * 1024,
  /** A connection has this long for its TLS handshake, and for the header of its first request. */
  webhookHeaderMs: 10_000,
  /** No byte of a body for this long ends the request. */
  webhookBodyIdleMs: 10_000,
  /** Slower than this, on average after the first ten seconds, ends the request. */
  webhookBodyBytesPerSecond: 16 * 1024,
  /** An idle connection is kept this long: kube-apiserver sends a batch every 30 s at least. */
  webhookKeepAliveMs: 75_000,
  /** A compressed body may grow this many times (audit logs grow ten to thirty times) once it is beyond `webhookInflatedBytes`. */
  webhookInflation: 200,
  webhookInflatedBytes: 16 * 1024 * 1024,
  /** Records of one batch of Kafka, unpacked. Brokers take 1 MiB unless they are told otherwise. */
  kafkaBatchBytes: 64 * 1024 * 1024,
  /** Bytes of the pieces of messages that are not whole yet: the longest record, and room for others beside it. */
  kafkaUnfinishedBytes: 320 * 1024 * 1024,
  /** A message of which no further piece came for this long is given up. An agent sends all of it again within seconds. */
  kafkaUnfinishedMs: 15 * 60 * 1000,
  /** Dictionaries of one message, unpacked: a plan of a thousand rules and kinds, and a context for each source. */
  kafkaDictionaryBytes: 4 * 1024 * 1024,
  /** The beginning of a body that is looked at to tell a list from a single event. */
  webhookOpeningBytes: 64 * 1024,
  /** A sink that could not take something is tried again after this, twice as long each time, up to … */
  sinkRetryMs: 100,
  sinkRetryLongestMs: 5_000,
  /** … and up to this once its breaker is open: a server that is down for an hour is asked about it twice a minute. */
  sinkProbeLongestMs: 30_000,
  /** Attempts in a row that must fail before the breaker opens: what a restart of a server takes is passed over without a word. */
  sinkFailures: 5,
  /** A server may ask for this much patience (Retry-After); for more it is asked again before. */
  sinkRetryAfterMs: 15 * 60 * 1000,
  /** A start waits this long for its sinks to open; those that are still at it go on beside what runs. */
  sinkOpenMs: 2_000,
  /** A sink may take this long to close; then the process goes on without it. */
  sinkCloseMs: 5_000,
  /** What one sink rejected takes so much room on disk; beyond it the oldest go. Weeks of a poison record now and then. */
  deadLetterBytes: 256 * 1024 * 1024,
  /** While a sink rejects records there is a finding about it this often at most, and a new one after this long without. */
  rejectionFindingMs: 10 * 60 * 1000,
  rejectionOverMs: 60 * 60 * 1000,
  /** Bytes of segments that one question without sidecars may read: ten seconds of work. Narrower ranges read less. */
  storeScanBytes: 1024 * 1024 * 1024,
  /** How often closed segments are looked for that have no sidecar yet. */
  sidecarLookMs: 1_000,
  /** Room that is left on a disk when a sidecar is written: the log comes first. */
  storeFreeBytes: 256 * 1024 * 1024,
  /** The process of questions ends when nobody asked for so long: its memory is worth more than the tenth of a second of a start. */
  storeIdleMs: 60_000,
  /** What JavaScript may take in it; DuckDB has a bound of its own. */
  storeHeapBytes: 768 * 1024 * 1024,
  /** Room for its new objects: rows of a segment become columns, and with less they are copied twice over. */
  storeNewBytes: 32 * 1024 * 1024,
  /** What DuckDB may take for one question; beyond it, it goes on over files, up to as much as the next. */
  duckDbBytes: 512 * 1024 * 1024,
  duckDbSpillBytes: 4 * 1024 * 1024 * 1024,
  /** Threads of DuckDB: questions are few, and what masks comes first. */
  duckDbThreads: 2,
  /** Pieces that the segment that takes records is read in; then they are joined. */
  openSegmentPieces: 16,
  /** Findings and notes of the findings log that questions see: the newest. */
  storeFindings: 500_000,
  /** Events of one page of a search. */
  storePageRows: 1_000,
  /** Steps of a series: more than a screen has columns. */
  storeSteps: 4_000,
  /** Different values that are counted at once; beyond it the rarer half is forgotten, so that counts of rare values are too low. */
  storeValues: 200_000,
  /** Kinds of masked values that a series tells apart; others count under `other`. */
  storeMaskKinds: 8,
  /** Findings that the API and the page know; the oldest beyond it leave and are counted. About 1.8 KB each. */
  webFindings: 100_000,
  /** Bytes of the findings log that are read again when the API starts: 100,000 findings and as many revisions, in seconds. */
  webReadBackBytes: 512 * 1024 * 1024,
  /** Revisions of one finding, and reviews of it, that are shown. */
  webRevisions: 16,
  webReviews: 50,
  /** Notes about silences that the page's history knows; a note takes less than a kilobyte. */
  webSilenceNotes: 1_000,
  /** How often counters of kube-apiservers are read, as Prometheus would: a page has megabytes. */
  apiserverEveryMs: 30_000,
  /** Silences in force at once: every finding is held against all of them. */
  silences: 1_000,
  /** Longest silence. What is noise for longer than that is an exception of the rule, with an owner. */
  silenceDays: 90,
  /** A request of the API says little: a note, a filter. */
  webBodyBytes: 64 * 1024,
  /** Bytes of a request's header, and its target: a token, a filter. */
  webHeaderBytes: 16 * 1024,
  webTargetBytes: 8 * 1024,
  /** Connections of the API at once: a browser makes six. */
  webConnections: 512,
  /** Streams at once, of all clients. Each costs one timer and what its socket holds. */
  webStreams: 256,
  /** A stream whose client takes nothing for this long is ended: it comes again and continues. */
  webStalledMs: 20_000,
  /** The state of the process is sent on each stream this often: both ends notice when the other is gone. */
  webStatusMs: 1_000,
  /** A request must have come within this time, and its header within this. */
  webRequestMs: 15_000,
  webHeaderMs: 10_000,
  webKeepAliveMs: 20_000,
  /** Rows of one answer. */
  webRows: 1_000,
  /** Steps of one series. */
  webSteps: 2_000,
  /** Questions about events that are answered at once, and that wait; the longest time one may take. */
  webQuestions: 4,
  webQuestionsWaiting: 64,
  webQuestionMs: 60_000,
  /** A command of ours that answers a question: its time, heap and output; how long its answer is kept, and how many are. */
  webSelfMs: 10 * 60 * 1000,
  webSelfHeapMegabytes: 512,
  webSelfBytes: 32 * 1024 * 1024,
  webSelfKeptMs: 10 * 60 * 1000,
  webSelfAnswers: 64,
  /** Characters of a note on a review or a silence. */
  webNoteCharacters: 4_000,
  /** Files of the page, together: they are held in memory. */
  webStaticBytes: 32 * 1024 * 1024,
  /** Logins at once; the one unused for longest makes room. They end after a working day, or so long without use. */
  webSessions: 256,
  webSessionMs: 24 * 60 * 60 * 1000,
  webSessionIdleMs: 8 * 60 * 60 * 1000,
  /** Printed links that were not used yet, and how long they work. */
  webLinks: 16,
  webLinkMs: 15 * 60 * 1000,
  /** Wrong tokens from one address in a minute; then it has to wait. And addresses that are remembered for it. */
  webLoginFailures: 10,
  webLoginAddresses: 1_000,
  /** Findings that `tail` holds on a terminal; older ones leave and are counted. About 4 KB each. */
  tailFindings: 10_000,
  /** Findings of which `tail` remembers what people said, and which revision a server sent. */
  tailReviews: 100_000,
} as const;
