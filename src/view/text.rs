//! Every text a person reads, in both languages: one exhaustive table.
//!
//! Texts hold `{0}`, `{1}`, … for arguments. Words follow ARCHITECTURE.md's glossary; Japanese is written for
//! its readers, not translated word by word.

mod messages;

use crate::lang::Lang;
use messages::messages;

messages! {
    picture {
    // Picture
    Put: "Put", "投入";
    Shards: "Shards", "シャード";
    Waiting: "Waiting", "待機中";
    InFlight: "In flight", "処理中";
    Stored: "Stored", "書き込み済み";
    ByKeys: "by {0} keys", "{0} キー";
    ByOneKey: "by one key", "1 キー";
    InBatchers: "in {0} batchers", "バッチャー {0} つ";
    InOneBatcher: "in one batcher", "バッチャー 1 つ";
    InInvocations: "in {0} invocations", "呼び出し {0} 件";
    InOneInvocation: "in one invocation", "呼び出し 1 件";
    Unread: "{0} unread", "未読 {0}";
    ToRetry: "{0} to retry", "再試行待ち {0}";
    BeforeStart: "{0} not read", "対象外 {0}";
    AllSentAt: "All sent at {0}", "送信完了 {0}";
    ThrottledPuts: "{0} throttled", "スロットリング {0}";
    ManyKeys: "{0} keys", "{0} キー";
    ReadCount: "{0} read", "{0} 読取済";
    DoneCount: "{0} done", "{0} 完了";
    Batcher: "Batcher {0}", "バッチャー {0}";
    WaitingCount: "{0} waiting", "{0} 件待機";
    RecordOf: "record {0} of {1}", "{1} 件中 {0} 件目";
    RecordsDone: "{0} of {1} done", "{1} 件中 {0} 件完了";
    SecondsLeft: "{0} s left", "残り {0} 秒";
    Seconds: "{0} s", "{0} 秒";
    AttemptNumber: "attempt {0}", "試行 {0} 回目";
    AttemptFailed: "attempt {0} failed", "試行 {0} 回目が失敗";
    AgainIn: "again in {0} s", "{0} 秒後に再試行";
    WindowLeft: "window {0} s", "ウィンドウ {0} 秒";
    ColdStart: "cold start", "コールドスタート";
    NotShown: "{0} not shown", "非表示 {0}";
    DrainingNotShown: "{0} closed, {1} not shown", "クローズ済み {0}、非表示 {1}";
    ClosedCount: "{0} closed", "クローズ済み {0}";
    ShardClosedLeft: "CLOSED, {0} left", "クローズ済み 残り {0}";
    ShardClosed: "CLOSED", "クローズ済み";
    ShardLeft: "{0} left", "残り {0}";
    WaitsFor: "waits for {0}", "{0} を待機";
    ReadFromLong: "will be read from {0} on", "{0} から読み取り";
    ReadFrom: "from {0} on", "{0} から";
    ChildOf: "child of {0}", "{0} の子";
    SplitOf: "split {0}", "分割 {0}";
    MergeOf: "merge {0}", "結合 {0}";
    CutAt: "cut {0} at {1} %", "{0} を {1} % で分割";
    JoinAt: "merge {0} + {1} at {2} %", "{0} と {1} を {2} % で結合";
    CutNowhere: "no cut at {0} %", "{0} % では分割不可";
    ShowWhole: "Whole run", "全期間";
    ShowWindow: "Last 90 s", "直近 90 秒";
    Throttled: "throttled", "スロットリング";
    HashKeyOverTime: "Hash key over time", "ハッシュキーと時間";
    Invocations: "Invocations", "呼び出し";
    LegendOpen: "waiting or running", "待機中・処理中";
    LegendDone: "done", "完了";
    SecondsBehind: "{0} s behind", "{0} 秒遅れ";
    CaptionNothing: "No record has been put yet.", "まだレコードは投入されていません。";
    CaptionShards: "Each record goes to the shard that holds its hash key.", "レコードは、ハッシュキーを受け持つシャードに入ります。";
    CaptionSideBySide: "{0} batchers empty one shard side by side.", "{0} つのバッチャーが 1 つのシャードを並行して処理。";
    CaptionSideBySideMany: "{0} batchers empty {1} shards side by side.", "{0} つのバッチャーが {1} つのシャードを並行して処理。";
    CaptionKeyOrder: "Each key keeps its order.", "キーごとの順序は守られます。";
    CaptionOneByOne: "One batcher empties one shard, record by record.", "1 つのバッチャーが 1 つのシャードを 1 件ずつ処理。";
    CaptionOthersWait: "Everything else waits its turn.", "残りは順番を待ちます。";
    CaptionLast: "One batcher is still at work, the others have nothing left.", "1 つのバッチャーだけが処理中。ほかは空きです。";
    CaptionRetry: "A batch failed: batcher {0} tries it again.", "バッチが失敗し、バッチャー {0} が再試行しています。";
    CaptionRetryMany: "{0} batchers try failed batches again.", "{0} つのバッチャーが失敗したバッチを再試行しています。";
    CaptionNewerWait: "Newer records of its lane wait.", "同じレーンの後続は待機します。";
    CaptionInactive: "Records wait in the shard: nobody reads it yet.", "レコードはシャードで待機中。まだ誰も読んでいません。";
    CaptionDisabled: "Records wait in the shard: the mapping is disabled.", "レコードはシャードで待機中。マッピングは無効です。";
    CaptionPoll: "New records wait in the shard for the next poll.", "新しいレコードはシャードで次のポーリングを待ちます。";
    CaptionWindow: "Records wait in the batcher for the batch window to end.", "レコードはバッチウィンドウが終わるのを待っています。";
    CaptionAllStored: "All {0} records are stored.", "{0} 件すべて書き込み済みです。";
    CaptionSoFar: "Everything put so far is stored.", "ここまでのレコードはすべて書き込み済みです。";
    CaptionSplit: "{0} is split; new records go to its children.", "{0} を分割。新しいレコードは子シャードに入ります。";
    CaptionMerge: "{0} and {1} are merged into one.", "{0} と {1} を 1 つに結合。";
    CaptionDraining: "{0} takes no more records: it is drained.", "{0} はクローズ済み。残りを処理しています。";
    CaptionChildrenWait: "{0} waits until {1} is drained.", "{0} は {1} の処理が終わるまで待機。";
    CaptionChildrenWaitMany: "Children wait until their parents are drained.", "子シャードは親の処理が終わるまで待機。";
    CaptionOlderFirst: "So older records come first.", "古いレコードが先に処理されます。";
    CaptionThrottled: "{0} is full this second: puts bounce off.", "{0} が上限に達し、投入をスロットリング。";
    CaptionUpdating: "The stream is resharded, one step after another.", "ストリームはリシャーディング中。1 段階ずつ進みます。";
    CaptionOneShard: "One shard holds all hash keys.", "1 つのシャードがすべてのハッシュキーを受け持ちます。";
    CaptionHashKeys: "{0} shards divide the hash keys among themselves.", "{0} つのシャードがハッシュキーを分け合います。";
    NumberTwo: "Two", "2";
    NumberThree: "Three", "3";
    NumberFour: "Four", "4";
    NumberFive: "Five", "5";
    NumberSix: "Six", "6";
    NumberSeven: "Seven", "7";
    NumberEight: "Eight", "8";
    NumberNine: "Nine", "9";
    NumberTen: "Ten", "10";
    // End of Picture
    // Page: top bar and menu
    Title: "Shardlab: a Kinesis stream and its Lambda consumer, taken apart", "Shardlab: KinesisストリームとLambdaコンシューマーを分解して見る";
    ScenarioMenu: "Scenario", "シナリオ";
    OpenFile: "Open a file…", "ファイルを開く…";
    OpenFileAbout: "A scenario as a JSON file", "シナリオのJSONファイル";
    PasteJson: "Paste JSON…", "JSONを貼り付け…";
    PasteJsonAbout: "A scenario as text, or a stream’s description", "シナリオ、またはストリームの説明";
    LanguageSwitch: "Language", "言語";
    ThemeAuto: "Light or dark: as the system", "配色: システムに合わせる";
    ThemeLight: "Light", "配色: ライト";
    ThemeDark: "Dark", "配色: ダーク";
    Help: "Help and shortcuts", "ヘルプとショートカット";
    Share: "Share", "共有";
    LinkCopied: "Link copied", "リンクをコピーしました";
    LinkInAddress: "The link is in the address bar", "リンクをアドレスバーに表示しました";
    LinkUnreadable: "The link cannot be read; this is the first scenario.", "リンクを読めないため、最初のシナリオを表示しています。";
    ChangedTo: "Changed: {0}", "変更: {0}";
    AddedCommand: "one command", "コマンド1件を追加";
    AddedCommands: "{0} commands", "コマンド{0}件を追加";
    PastedStream: "another stream", "ストリームを差し替え";
    Copied: "Copied", "コピーしました";
    NotCopied: "The browser does not allow copying", "ブラウザーがコピーを許可していません";
    ListComma: ", ", "、";
    Settings: "Settings", "設定";
    // Page: settings
    SectionStream: "Stream", "ストリーム";
    SectionMapping: "Event source mapping", "イベントソースマッピング";
    SectionFunction: "Function", "関数";
    SectionRun: "Run", "実行";
    SectionAssumed: "What is assumed", "仮定していること";
    SectionSource: "Where this comes from", "出典";
    KnobShards: "Shards", "シャード";
    KnobFactor: "Parallelization factor", "並列化係数";
    KnobBisect: "Bisect on error", "エラー時にバッチを分割";
    KnobCheckpoint: "Checkpoint", "チェックポイント";
    KnobBatchSize: "Batch size", "バッチサイズ";
    KnobBatchWindow: "Batch window", "バッチウィンドウ";
    KnobRetries: "Max retries", "最大再試行回数";
    KnobRecordAge: "Max record age", "最大経過時間";
    KnobDestination: "Dead-letter queue", "障害発生時の送信先";
    MoreSettings: "More settings", "その他の設定";
    EnabledNow: "Enabled, from now on", "有効（この時点から）";
    NoLimit: "no limit", "無制限";
    NoDestination: "none", "なし";
    On: "on", "オン";
    Off: "off", "オフ";
    Minutes: "{0} min", "{0}分";
    Days: "{0} d", "{0}日";
    KnobPerRecord: "Time per record", "1件あたりの処理";
    Decrease: "Decrease: {0}", "{0}を減らす";
    Increase: "Increase: {0}", "{0}を増やす";
    Seed: "Seed", "シード";
    Reset: "Undo all changes", "変更をすべて戻す";
    ProducerRecords: "{0} listed records", "指定したレコード{0}件";
    ProducerRound: "{0} records at once", "{0}件を一度に";
    ProducerRoundsOneKey: "one key, {1} rounds, every {2}", "1キー × {1}周、{2}ごと";
    ProducerRounds: "{0} keys, {1} rounds, every {2}", "{0}キー × {1}周、{2}ごと";
    ProducerLoop: "key {0}, pause {1}", "キー{0}、間隔{1}";
    ProducerRate: "{0} records/s over {1} keys", "毎秒{0}件、{1}キー";
    ProducerRateOne: "{0} record/s over {1} keys", "毎秒{0}件、{1}キー";
    ProducerRateOneKey: "{0} records/s of {1} key", "毎秒{0}件、{1}キー";
    ProducerRateOneOneKey: "{0} record/s of {1} key", "毎秒{0}件、{1}キー";
    AssumedPoll: "Poll of each shard", "シャードのポーリング間隔";
    AssumedHash: "Key to batcher", "キーの振り分け";
    AssumedHashValue: "{0} % factor", "{0} % 係数";
    AssumedActivation: "Mapping active after", "マッピング有効化まで";
    AssumedOverhead: "Hand-over to handler", "受け渡しから処理開始";
    AssumedBackoff: "Retry back-off", "バックオフ";
    AssumedEnvelope: "JSON around a record", "レコードを包むJSON";
    AssumedAge: "IteratorAge", "IteratorAge";
    AssumedAgeValue: "oldest at hand-over", "受け渡し時の最古";
    Assumed: "assumed", "仮定";
    Observed: "observed", "実測";
    Documented: "documented", "文書で確認";
    Bytes: "{0} B", "{0}バイト";
    PerSecond: "{0}/s", "{0}件/秒";
    SourceText: "The experiment of Japanese article C, “How ParallelizationFactor hands Kinesis records to Lambda”, 2020-01.", "日本語の技術記事C（2020-01、ParallelizationFactorによるレコードの受け渡し）の実験です。";
    Model: "It is a model, not affiliated with AWS.", "これはモデルです。AWSとは関係ありません。";
    AboutMore: "Sources and limits", "出典とモデルの限界";
    // Page: tabs
    PanelTabs: "Details", "詳細パネル";
    TabTimeline: "Time line", "時間軸";
    TabTable: "Table", "表";
    TabLog: "Log", "ログ";
    TabInspect: "Inspect", "詳細";
    TabConsole: "Console", "コンソール";
    TabStream: "Stream", "ストリーム";
    TableHeading: "Article C beside this run, factor {0}", "記事Cとこの実行の比較（係数{0}）";
    TableOwnHeading: "Invocations of this run", "この実行の呼び出し";
    ColumnRecords: "Records", "レコード";
    ColumnRounds: "Rounds", "周";
    ColumnCount: "n", "件数";
    ColumnArticle: "Article", "記事";
    ColumnSimulated: "Here", "この実行";
    ColumnStartEnd: "start–end, s", "開始–終了（秒）";
    ColumnAgrees: "Agrees", "一致";
    RecordsFromTo: "{0} to {1}", "{0}から{1}まで";
    AgreesNotYet: "not yet", "まだ";
    AgreesSoFar: "so far", "ここまで一致";
    AgreesFull: "agrees", "一致";
    AgreesDiffers: "differs", "不一致";
    AgreesNearly: "nearly: see below", "ほぼ一致（下の説明）";
    TotalInvocations: "Invocations", "呼び出し";
    TotalDuration: "In all", "全体";
    TotalAge: "Max IteratorAge", "IteratorAge最大";
    TableAgeNote: "IteratorAge: the author read about {1} s from a CloudWatch graph with one point a minute. Here it is {0}: the age of a batch's oldest record at hand-over, which is assumed, since AWS's pages speak of the last record.", "IteratorAge: 記事の値（約{1}秒）は、1分ごとのCloudWatchグラフからの読み取りです。ここでは{0}です。受け渡し時点でバッチ内の最も古いレコードの経過時間としましたが、これは仮定です（AWSの文書は最後のレコードと説明しています）。";
    TableChangedNote: "Settings were changed, and the article has no such run: it has factors 1 and 3.", "設定を変えたため、対応する実行は記事にありません（記事にあるのは係数1と3です）。";
    TableForeignNote: "The article has no such run.", "この実行は記事にありません。";
    TableEmpty: "No invocation yet.", "まだ呼び出しはありません。";
    LogFilterLabel: "Show", "表示";
    LogAll: "All events", "すべて";
    LogPuts: "Puts", "投入";
    LogPolls: "Polls", "読み取り";
    LogInvocations: "Invocations", "呼び出し";
    LogRows: "Rows written", "書き込み";
    LogCalls: "API calls", "API呼び出し";
    LogOthers: "Others", "その他";
    LogCount: "{0} events", "イベント{0}件";
    LogEmpty: "No such event yet.", "該当するイベントはまだありません。";
    LogShardOpened: "{0} opens", "{0}がオープン";
    LogShardClosed: "{0} closes", "{0}がクローズ";
    LogStream: "stream {0}: {1} → {2}", "ストリーム{0}: {1} → {2}";
    LogAlarm: "alarm {0}: {1} → {2}", "アラーム{0}: {1} → {2}";
    LogNotified: "topic {0} tells {1}", "トピック{0}が{1}に通知";
    LogPublished: "function {0}: version {1} published", "関数{0}のバージョン{1}を発行";
    LogAlias: "alias {0} → version {1}", "エイリアス{0} → バージョン{1}";
    LogAliasWeights: "alias {0} → version {1}, weights {2}", "エイリアス{0} → バージョン{1}、重み{2}";
    LogCall: "{0} accepted", "{0}を受け付け";
    LogCallFailed: "{0} refused: {1}", "{0}を拒否: {1}";
    LogNoStream: "no such stream", "ストリームなし";
    LogExpired: "{0} records of {1} expired", "{1}のレコード{0}件が期限切れ";
    LogFiltered: "A filter keeps {0} away", "フィルターが{0}を除外";
    LogPut: "Put {0} into {1}", "{0}を{1}に投入";
    LogThrottled: "Put with key {0} throttled by {1}: {2}", "キー{0}の投入がスロットリング（{1}: {2}）";
    LogMapping: "Mapping: {0} → {1}", "マッピング: {0} → {1}";
    LogPolled: "Poller reads {0} from {1}", "ポーラーが{1}から{0}件を読み取り";
    LogEnvironment: "Environment {0} starts", "実行環境{0}が起動";
    LogStarted: "Invocation {0}: {1} records from batcher {2}", "呼び出し{0}: バッチャー{2}から{1}件";
    LogRow: "Row {0} written", "{0}を書き込み";
    LogEnded: "Invocation {0} ends: {1}, {2}", "呼び出し{0}が終了: {1}、{2}";
    LogAlarmStarted: "{0} is invoked for an alarm", "アラームにより{0}を呼び出し";
    LogAlarmEnded: "{0} ends: {1}", "{0}が終了: {1}";
    LogRetry: "Invocation {0} failed; again in {1}", "呼び出し{0}が失敗、{1}後に再試行";
    LogCheckpoint: "Checkpoint at {0} of {1}", "チェックポイント: {0}（{1}）";
    }
    inspector {
    // Page: inspector
    InspectEmpty: "Click a record, a batch or a shard in the picture, or choose here.", "図のレコード、バッチ、シャードをクリックするか、ここから選べます。";
    NotYet: "The playhead has not reached it.", "再生位置はまだここに達していません。";
    RecordNumber: "Record no. {0}", "レコード番号{0}";
    RecordTitle: "Record {0}", "レコード{0}";
    RecordSubtitle: "key {0}, number {1}", "キー{0}の{1}件目";
    InvocationNumber: "Invocation {0}", "呼び出し{0}";
    InvocationSubtitle: "{0} records", "{0}件のバッチ";
    InvocationSubtitleOne: "One record", "1件のバッチ";
    BatcherSubtitle: "serves one lane of the shard", "シャードの1レーンを担当";
    SectionLife: "Its life so far", "ここまでの経過";
    SectionFacts: "Facts", "データ";
    SectionBatch: "Its records", "バッチ内のレコード";
    MoreRecords: "and {0} more", "ほか{0}件";
    LifePut: "Put", "投入";
    LifePutDetail: "MD5 {0}, at {1}", "MD5 {0}、範囲の{1}の位置";
    LifeRead: "Read by the poller", "ポーラーが読み取り";
    LifeReadDetail: "{0} in the shard", "シャード内{0}";
    LifeQueued: "Queued", "レーンに格納";
    LifeQueuedDetail: "in batcher {0}", "バッチャー{0}";
    LifeInvoked: "Invoked", "呼び出し";
    LifeInvokedDetail: "batch of {0}, {1} before it", "{0}件のバッチ、前に{1}件";
    LifeTurn: "Its turn", "順番が来る";
    LifeHandled: "Handled, row written", "処理完了・書き込み";
    LifeDone: "Done with its whole batch", "バッチ全体が完了";
    WaitShard: "in the shard", "シャード内";
    WaitBatcher: "in the batcher", "バッチャー内";
    WaitBatch: "behind others of its batch", "バッチ内の順番待ち";
    WaitHandled: "being handled", "処理";
    FactShard: "Shard", "シャード";
    FactBatcher: "Batcher", "バッチャー";
    FactInvocation: "Invocation", "呼び出し";
    FactHashKey: "Hash key", "ハッシュキー";
    FactSequenceNumber: "Sequence number", "シーケンス番号";
    FactSize: "Size", "サイズ";
    FactStarted: "Handed over", "受け渡し";
    FactEnded: "Ended", "終了";
    FactEnds: "Will end", "終了予定";
    FactProgress: "Records handled", "処理済み";
    FactOutcome: "Outcome", "結果";
    FactIteratorAge: "IteratorAge", "IteratorAge";
    FactAttempt: "Attempt", "試行";
    FactVersion: "Version", "バージョン";
    FactEnvironment: "Environment", "実行環境";
    FactRequestId: "Request ID", "リクエストID";
    FactError: "Error", "エラー";
    FactState: "State", "状態";
    FactOldest: "Oldest record", "最も古いレコード";
    FactRecords: "Records", "レコード";
    FactRangeStart: "First hash key", "最初のハッシュキー";
    FactRangeEnd: "Last hash key", "最後のハッシュキー";
    FactRetention: "Retention period", "保持期間";
    FactCheckpoint: "Checkpoint", "チェックポイント";
    Running: "running", "処理中";
    StateIdle: "nothing to do", "空き";
    StateBackingOff: "backs off until {0}", "{0}までバックオフ";
    WhyClosed: "Why did this batch close?", "なぜこのバッチで区切られたか";
    WhyAvailable: "The batcher was free and no window was set, so it handed over all it held at once.", "バッチャーが空いていてウィンドウもないため、持っていたレコードをすぐにまとめて渡しました。";
    WhySize: "It reached the batch size.", "バッチサイズに達しました。";
    WhyTumbling: "The tumbling window ended: records of the next window go in batches of their own, and a last invocation without records gets the state.", "タンブリングウィンドウが終わりました。次のウィンドウのレコードは別のバッチになり、最後にレコードのない呼び出しが状態を受け取ります。";
    WhyShardEnd: "The shard is closed and was read to its end: no more records will come, so what waited went at once.", "シャードがクローズされ最後まで読まれました。もうレコードは来ないため、待っていた分をすぐに渡しました。";
    WhyWindow: "The batch window ended before the batch size was reached.", "バッチサイズに達する前に、バッチウィンドウが終わりました。";
    WhyPayload: "One more record would have exceeded the 6 MB of an event.", "次のレコードを加えると、イベントの上限6 MBを超えるためです。";
    WhyAgain: "Why again?", "なぜもう一度か";
    WhyRetry: "The attempt before failed. The same batch is tried again, and its lane waits.", "前の試行が失敗しました。同じバッチを再試行し、その間レーンは待機します。";
    WhyLane: "Why these keys?", "なぜこのキーか";
    WhyLaneAnswer: "A key always belongs to the same batcher, so its order holds. Which one: its hash modulo the factor.", "キーは常に同じバッチャーに属するため、順序が守られます。どれになるかは、ハッシュ値を係数で割った余りで決まります。";
    // Page: console
    ConsoleHint: "Type a command of the AWS CLI. It runs at the playhead and becomes part of the scenario.", "AWS CLIのコマンドを入力します。再生位置で実行され、シナリオの一部になります。";
    ConsoleTry: "Try:", "例:";
    ConsoleField: "Command", "コマンド";
    ConsoleRun: "Run", "実行";
    ConsoleAt: "runs at {0}", "実行時刻 {0}";
    ConsoleTranscript: "Commands and answers", "コマンドと応答";
    ConsoleEarlier: "{0} earlier commands are not shown.", "これより前の{0}件は省略しています。";
    ConsoleCut: "Cut here. Copying gives all of it.", "ここで省略しています。コピーすると全体を取得できます。";
    ConsoleNoCall: "no call", "呼び出しなし";
    ConsoleNoCallLong: "Made no call: not part of the run.", "APIを呼び出していないため、実行には含まれません。";
    ConsoleCandidates: "{0} candidates", "候補{0}件";
    ConsoleKeys: "Tab completes, ↑ ↓ recall, “clear” empties.", "Tabで補完、↑ ↓で履歴、clearで消去。";
    ConsoleUnkept: "a scenario cannot keep this line: it is too long, or does not begin with aws", "この行はシナリオに保存できません。長すぎるか、aws で始まっていません";
    ConsoleAnswered: "{0} lines of answer", "応答{0}行";
    ConsoleEnded: "Accepted", "受け付けました";
    CopyAnswer: "Copy the answer of {0}", "{0}の応答をコピー";
    Copy: "Copy", "コピー";
    // Page: stream
    StreamNone: "There is no stream. Create one in the console.", "ストリームがありません。コンソールで作成できます。";
    StreamHint: "Every button runs an aws command, which the console shows.", "どのボタンもawsコマンドを実行し、コンソールに表示します。";
    StreamChoice: "Stream", "ストリーム";
    StreamCopy: "Copy describe-stream JSON", "describe-streamのJSONをコピー";
    FactStatus: "Status", "ステータス";
    FactMode: "Capacity mode", "容量モード";
    OpenShards: "Open shards", "オープンシャード";
    Hours: "{0} h", "{0}時間";
    ShardOpen: "OPEN", "オープン";
    ShardExpired: "EXPIRED", "期限切れ";
    ColumnShard: "Shard", "シャード";
    ColumnRange: "Hash keys", "ハッシュキー";
    ColumnState: "State", "状態";
    ColumnHeld: "Held", "保持";
    GroupOpen: "Open: {0}", "オープン: {0}";
    GroupClosed: "Closed: {0}", "クローズ済み: {0}";
    GroupCut: "The first {0} of {1} are listed.", "{1}件のうち最初の{0}件を表示しています。";
    FactShardId: "Shard ID", "シャードID";
    FactParents: "Parents", "親シャード";
    FactChildren: "Children", "子シャード";
    FactOpened: "Opened", "オープン時刻";
    FactClosed: "Closed", "クローズ時刻";
    FactStartingNumber: "Starting sequence number", "開始シーケンス番号";
    FactEndingNumber: "Ending sequence number", "終了シーケンス番号";
    SplitAt: "First hash key of the upper shard", "上側シャードの最初のハッシュキー";
    Split: "Split", "分割";
    MergeWith: "Merge with {0}", "{0}と結合";
    Merge: "Merge", "結合";
    SetCount: "Set count…", "数を変更…";
    CutKey: "Hash key", "ハッシュキー";
    CutLeave: "Put the scissors away", "はさみをしまう";
    CutHint: "Arrow keys move it along the bar, borders included.", "矢印キーで移動（境界では結合）。";
    OpenNow: "Open now: {0}", "現在オープン: {0}";
    Lineage: "Lineage", "親と子";
    LineageOpens: "opens {0}", "{0} に開く";
    LineageWaits: "waits", "待機";
    LineageDrains: "drains", "処理中";
    SectionCount: "Number of shards", "シャード数";
    TargetCount: "Target shard count", "変更後のシャード数";
    UpdateCount: "Update", "変更";
    PlanWait: "The stream is UPDATING: it takes no other change until it is ACTIVE.", "ストリームはUPDATINGです。ACTIVEになるまで、ほかの変更は受け付けられません。";
    PlanNothing: "Nothing to do: the stream has {0} equal shards.", "変更はありません。すでに均等な{0}シャードです。";
    PlanSummary: "Splits: {0}, merges: {1}; at most {2} shards open; about {3}", "分割{0}回、結合{1}回、オープンシャードは最大{2}、所要時間の目安{3}";
    PlanSplit: "Split {0} at {1} → {2} + {3}", "{0}を{1}で分割 → {2} + {3}";
    PlanMerge: "Merge {0} + {1} → {2}", "{0}と{1}を結合 → {2}";
    PlanOpen: "{0} open", "オープン{0}";
    PlanMore: "and {0} more steps", "ほか{0}手順";
    SectionKey: "Where does a key go?", "キーの行き先";
    KeyField: "Type a partition key", "パーティションキーを入力";
    KeyMd5: "MD5", "MD5";
    KeyPlaceLabel: "Place", "位置";
    KeyShard: "{0} ({1})", "{0}（{1}）";
    ReportShown: "Shown in the console", "コンソールに表示";
    }
    words {
    // Page: the picture in words
    TwinTitle: "The picture as a table", "図を表にしたもの";
    TwinCaption: "{0} put: {1} waiting, {2} in flight in {3} invocations, {4} stored.", "投入{0}件: 待機中{1}、処理中{2}（呼び出し{3}件）、書き込み済み{4}。";
    TwinName: "Shard or batcher", "シャード・バッチャー";
    TwinDone: "Done", "完了";
    TwinCut: "More are not listed.", "残りは省略しています。";
    StageLabel: "The stream and its consumer now", "現在の流れ";
    // Page: transport and status
    Transport: "Playback", "再生の操作";
    Play: "Play", "再生";
    Pause: "Pause", "一時停止";
    ToStart: "To the start", "先頭へ";
    ToEnd: "To the end", "末尾へ";
    StepEventBack: "One event back", "1イベント戻る";
    StepEventForward: "One event forward", "1イベント進む";
    StepBatchBack: "One batch back", "1バッチ戻る";
    StepBatchForward: "One batch forward", "1バッチ進む";
    Scrub: "Moment", "再生位置";
    ClockOf: "of {0}", "/ {0}";
    Speed: "Speed", "速度";
    SpeedMax: "max", "最大";
    MetricIncoming: "Incoming", "受信";
    MetricStreamAge: "IteratorAge, stream", "IteratorAge（ストリーム）";
    MetricAge: "IteratorAge, Lambda", "IteratorAge（Lambda）";
    MetricConcurrency: "Concurrency", "同時実行数";
    OrderKept: "order kept", "順序維持";
    OrderBroken: "{0} out of order", "順序違反{0}件";
    NothingLost: "nothing lost", "欠落なし";
    SomeLost: "{0} lost", "欠落{0}件";
    NoRepeats: "no repeats", "重複なし";
    SomeRepeats: "{0} repeats", "重複{0}件";
    // Shared with later parts
    BatcherNumber: "Batcher {0}", "バッチャー{0}";
    FactWaiting: "Waiting", "待機中";
    FactInFlight: "In flight", "処理中";
    HelpTitle: "How to read and drive it", "見方と操作";
    Close: "Close", "閉じる";
    }
    dialogs {
    // Page: dialogs
    HelpReading: "A record is a square: its color and label are its partition key. It goes from the producer through the shard that holds its hash key, waits in a batcher, is handled in an invocation (λ), and is stored. Below, the same over time.", "四角が1件のレコードで、色と文字がパーティションキーです。プロデューサーから、ハッシュキーを受け持つシャードに入り、バッチャーで待ち、呼び出し（λ）で処理され、書き込まれます。下の図は、その経過を時間順に示します。";
    HelpShortcuts: "Shortcuts", "ショートカット";
    HelpShortcutsOn: "Single-key shortcuts", "1文字のショートカットを使う";
    KeyPlay: "Play or pause", "再生・一時停止";
    KeyEvent: "Event back, forward", "イベント単位で戻る・進む";
    KeyBatch: "Batch back, forward", "バッチ単位で戻る・進む";
    KeySecond: "Second back, forward", "1秒戻る・進む";
    KeyEnds: "Start, end", "先頭・末尾";
    KeySpeed: "Speed", "速度";
    KeyFactor: "Parallelization factor", "並列化係数";
    KeyLanguage: "Language", "言語";
    KeyTheme: "Light or dark", "配色";
    KeyConsole: "Console", "コンソール";
    KeyCut: "Split a shard: take up the scissors", "シャードの分割";
    KeyJoin: "Merge two shards; next border", "シャードの結合・次の境界";
    KeyCutMove: "Move the scissors, use them, leave", "位置の移動・実行・中止";
    KeySpan: "Time line: whole run, or a part", "時間軸: 全期間・一部";
    KeyPage: "Other shards", "ほかのシャード";
    KeyHelp: "This sheet", "このヘルプ";
    AboutTitle: "Sources and limits", "出典とモデルの限界";
    AboutModel: "Shardlab is a model: a deterministic simulation that runs in this page. It is not affiliated with AWS and talks to no AWS account. What AWS documents is followed; what it does not document is assumed, named and shown.", "Shardlabはモデルです。このページの中で動く決定的なシミュレーションで、AWSとは関係がなく、AWSアカウントにも接続しません。AWSが文書にしていることはそれに従い、文書にないことは仮定として名前を付けて示します。";
    AboutArticles: "The experiments come from four Japanese articles. The scenarios shipped so far play article C.", "実験の出典は、次の4本の日本語の技術記事です。現在のシナリオは記事Cを再現しています。";
    ArticleA: "A · Lambda deploy while Kinesis receives data", "A · Kinesisがデータを受け取っている間のLambdaのデプロイ";
    ArticleB: "B · Checkpoints for stream-invoked Lambda", "B · ストリームから呼び出されるLambdaのチェックポイント";
    ArticleC: "C · How ParallelizationFactor hands Kinesis records to Lambda", "C · ParallelizationFactorによるKinesisレコードの受け渡し";
    ArticleD: "D · Kinesis resharding with one API call", "D · API 1回で行うKinesisのリシャーディング";
    PasteTitle: "Paste a scenario or a stream", "シナリオかストリームを貼り付け";
    PasteLabel: "Scenario or stream, as JSON", "シナリオかストリーム（JSON）";
    PasteHint: "A scenario, such as the one that plays; or what describe-stream or list-shards shows, all pages together: it becomes the stream of the scenario that plays.", "シナリオ（再生中のものなど）、またはdescribe-streamかlist-shardsの出力（全ページ）。後者は、再生中のシナリオのストリームになります。";
    PasteLoad: "Load", "読み込む";
    ProblemsTitle: "This text cannot be loaded", "このテキストは読み込めません";
    ProblemsIntro: "{0} problems; the run before stays.", "問題が{0}件あります。前の実行はそのままです。";
    ProblemsIntroOne: "One problem; the run before stays.", "問題が1件あります。前の実行はそのままです。";
    ProblemsEdit: "Edit the text", "テキストを直す";
    FileUnreadable: "The file cannot be read.", "ファイルを読めませんでした。";

    // Page API
    ApiStepUnit: "a step is \"event\", \"batch\", \"poll\" or \"second\"", "ステップは \"event\"、\"batch\"、\"poll\"、\"second\" のいずれかです";
    ApiListenerType: "a listener's type is \"loaded\", \"moved\" or \"language\"", "リスナーの種類は \"loaded\"、\"moved\"、\"language\" のいずれかです";
    ApiNotSupportedYet: "not supported yet", "まだ対応していません";
    ApiNothingLoaded: "no scenario is loaded", "シナリオが読み込まれていません";
    ApiInvalidScenario: "the scenario has {0} problem(s)", "シナリオに問題が{0}件あります";
    }
    failures {
    // Failures
    Gone: "{0} gone", "破棄等 {0}";
    CardHalf: "half", "分割後";
    CardRest: "from checkpoint", "残り";
    Tray: "Dead-letter queue · records: {0}, documents: {1}", "デッドレターキュー · レコード {0} 件、通知 {1} 件";
    TrayShort: "{0} in the queue", "キューに {0} 件";
    TrayLost: "{0} discarded, no destination", "破棄 {0} 件、送信先なし";
    CaptionStoredBut: "{0} of {1} records are stored, {2} are gone.", "{1} 件のうち {0} 件を書き込み済み、{2} 件は失われました。";
    CaptionHalves: "A failed batch is done again in halves.", "失敗したバッチを分割し、半分ずつ処理。";
    CaptionHalvesAgain: "Some work repeats.", "一部は処理のやり直しです。";
    CaptionRest: "The checkpoint moved on: only the rest runs again.", "チェックポイントが進み、残りだけを再処理。";
    CaptionRestOnce: "Nothing is repeated.", "やり直しはありません。";
    CaptionGivenUp: "The batch is given up after {0} attempts.", "{0} 回試行し、バッチを破棄しました。";
    CaptionTooOld: "Records became too old and are given up.", "レコードが最大経過時間を過ぎ、破棄されました。";
    CaptionTold: "The dead-letter queue is told.", "デッドレターキューに通知します。";
    CaptionNotTold: "No destination is told.", "送信先はありません。";
    DiscardTitle: "Discarded records", "破棄されたレコード";
    FactCondition: "Condition", "条件";
    FactAttempts: "Attempts", "試行回数";
    FactDestination: "Destination", "送信先";
    FactObjectKey: "Object key", "オブジェクトキー";
    SectionDocument: "The document that the destination gets", "送信先に届くドキュメント";
    SectionDocumentUnsent: "The document that a destination would get", "送信先があれば届くドキュメント";
    SectionResponse: "What the handler answered", "ハンドラーの応答";
    LogSplit: "Batch of invocation {0} split: {1} and {2} records", "呼び出し{0}のバッチを{1}件と{2}件に分割";
    LogDiscarded: "{0} records of {1} discarded: {2}", "{1}のレコード{0}件を破棄: {2}";
    WhyBisect: "The batch failed and was split in two. This is one half; the first half is done before the second.", "バッチが失敗し、2 つに分割されました。これはその片方で、前半が終わってから後半に進みます。";
    WhyRemainder: "The answer reported a failed record. Everything before it is done; this is the rest, from that record on.", "応答で失敗したレコードが報告されました。その前までは完了し、これはそのレコードから後の残りです。";
    }
    consumers {
    // An invocation: what it received, its answer judged, its batch's attempts
    SectionEvent: "The event that the function received", "関数が受け取ったイベント";
    CopyEvent: "Copy the whole event", "イベント全体をコピー";
    SectionJudge: "What an answer would do", "応答を変えるとどうなるか";
    JudgeField: "The handler’s answer, as JSON", "ハンドラーの応答（JSON）";
    JudgePresets: "Answers to try", "試せる応答";
    JudgeOwn: "Choose an answer…", "応答を選ぶ…";
    JudgeInvalid: "This is no JSON: line {0}, column {1}: {2}", "JSONとして読めません（{0}行{1}列）: {2}";
    JudgeEmpty: "This is empty. An answer is JSON; a handler that returns nothing answers null.", "何も入力されていません。応答はJSONです。何も返さないハンドラーの応答はnullになります。";
    JudgeWithout: "Checkpoint is off, so the answer is not looked at:", "チェックポイントがオフのため、応答は無視されます:";
    JudgeWith: "With checkpoint on:", "チェックポイントがオンなら:";
    VerdictSuccess: "Complete success", "すべて成功";
    VerdictCut: "Cut at record {0}", "レコード{0}から失敗";
    VerdictCuts: "Cut at the lowest record", "最小のレコードから失敗";
    VerdictFailure: "Complete failure", "すべて失敗";
    ReasonNotAsked: "without ReportBatchItemFailures any answer is a success, and what it reports is lost.", "ReportBatchItemFailuresがなければ、どの応答も成功とみなされ、報告された失敗は失われます。";
    ReasonEmpty: "an empty answer reports nothing.", "空の応答は何も報告しません。";
    ReasonNoList: "it has no batchItemFailures, so it reports nothing.", "batchItemFailuresがないため、何も報告しません。";
    ReasonNullList: "batchItemFailures is null: nothing is reported.", "batchItemFailuresがnullのため、何も報告しません。";
    ReasonEmptyList: "batchItemFailures is empty: nothing is reported.", "batchItemFailuresが空のため、何も報告しません。";
    ReasonLowest: "item {0} has the lowest sequence number. From there on everything is delivered again, later successes, too.", "{0}番目の項目のシーケンス番号が最小です。そこから後は、成功したレコードも含めて再配信されます。";
    ReasonNotAList: "batchItemFailures is neither a list nor null.", "batchItemFailuresがリストでもnullでもありません。";
    ReasonNotAnObject: "item {0} is no object.", "{0}番目の項目がオブジェクトではありません。";
    ReasonNoIdentifier: "item {0} has no itemIdentifier, in this very spelling.", "{0}番目の項目にitemIdentifier（この綴りのとおり）がありません。";
    ReasonNullIdentifier: "the itemIdentifier of item {0} is null.", "{0}番目の項目のitemIdentifierがnullです。";
    ReasonEmptyIdentifier: "the itemIdentifier of item {0} is empty.", "{0}番目の項目のitemIdentifierが空です。";
    ReasonNotAText: "the itemIdentifier of item {0} is no text.", "{0}番目の項目のitemIdentifierが文字列ではありません。";
    ReasonNotInBatch: "no record of this batch has the itemIdentifier of item {0}.", "{0}番目の項目のitemIdentifierを持つレコードがバッチにありません。";
    NextAdvance: "Then the batch is done.", "その後: バッチは完了します。";
    NextCut: "Then {0} of the records are done, and the other {1} are a new batch, at once.", "その後: {0}件が完了し、残り{1}件がすぐに新しいバッチになります。";
    NextSplit: "Then two new batches at once: {0} and {1} records.", "その後: すぐに{0}件と{1}件の新しいバッチに分割されます。";
    NextRetry: "Then the same batch again, after {0}.", "その後: {0}後に同じバッチを再試行します。";
    NextDiscard: "Then the whole batch is discarded: {0}.", "その後: バッチ全体が破棄されます（{0}）。";
    SectionTree: "What became of the batch", "バッチのその後";
    TreeRecord: "record {0}", "レコード{0}";
    TreeRecords: "records {0}–{1}", "レコード{0}–{1}";
    TreeOk: "ok", "成功";
    TreeFailed: "failed", "失敗";
    TreeCut: "{0} done", "{0}件完了";
    TreeNext: "next", "次";
    TreeThen: "then", "その後";
    TreeMore: "More parts are not listed.", "残りは省略しています。";
    }
}

impl MessageId {
    /// The text with its arguments filled in.
    #[must_use]
    pub fn fill(self, lang: Lang, arguments: &[&dyn std::fmt::Display]) -> String {
        let mut text = String::new();
        let mut rest = self.text(lang);
        while let Some(open) = rest.find('{') {
            text.push_str(&rest[..open]);
            let digit = usize::from(rest.as_bytes()[open + 1] - b'0');
            text.push_str(&arguments[digit].to_string());
            rest = &rest[open + 3..];
        }
        text.push_str(rest);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_take_the_same_arguments() {
        for &id in MessageId::ALL {
            let arguments = |lang| {
                let text = id.text(lang);
                assert!(!text.is_empty(), "{id:?}");
                let mut found: Vec<&str> = text.match_indices('{').map(|(at, _)| &text[at..at + 3]).collect();
                found.sort_unstable();
                found.dedup();
                found.iter().map(|form| form.to_string()).collect::<Vec<_>>()
            };
            assert_eq!(arguments(Lang::En), arguments(Lang::Ja), "{id:?}");
        }
    }
}
