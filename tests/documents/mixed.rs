//! Scenarios that make what the documents describe.

/// Scenarios that together make every event and every optional field: two throttled puts, failures of three
/// kinds, throttled invocations, batches that close for every reason.
pub(crate) const MIXED: [&str; 7] = [
    r#"{"version": 1, "id": "mixed", "until": 40000, "quotas": {"concurrentExecutions": 1},
        "stream": {"ShardCount": 2},
        "producers": [
          {"type": "rate", "recordsPerSecond": 3000, "stopAt": 900, "keys": {"distribution": "hot", "count": 5}},
          {"type": "records", "onThrottle": "drop", "records": [
            {"at": 100, "PartitionKey": "é", "ExplicitHashKey": "0", "size": 1048576},
            {"at": 101, "PartitionKey": "z", "ExplicitHashKey": "0", "size": 1048576}]}],
        "functions": [{"FunctionName": "f", "Timeout": 3, "coldStart": {"min": 100, "max": 300}, "versions": {"1": {"handler":
          {"perRecord": 7, "perInvocation": 2, "rules": [
            {"when": {"attempt": 1, "positionInBatch": 40}, "then": "throw"},
            {"when": {"attempt": 2, "positionInBatch": 1}, "then": "timeout"},
            {"when": {"attempt": 3, "positionInBatch": 2}, "then": "crash"}]}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
          "StartingPosition": "TRIM_HORIZON", "BatchSize": 200, "MaximumBatchingWindowInSeconds": 2, "ParallelizationFactor": 2}]}"#,
    r#"{"version": 1, "id": "filtered", "until": 10000, "stream": {"Consumers": [{"ConsumerName": "efo"}]},
        "producers": [{"type": "rounds", "partitionKeys": ["a", "b"], "rounds": 3}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
          "UUID": "00000000-0000-4000-8000-000000000000", "StartingPosition": "TRIM_HORIZON", "TumblingWindowInSeconds": 2,
          "FilterCriteria": {"Filters": [{"Pattern": "{\"partitionKey\": [\"a\"]}"}]}},
          {"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s/consumer/efo:1578982983", "FunctionName": "f",
          "StartingPosition": "TRIM_HORIZON"}],
        "commands": [{"at": 5000, "cli": "aws lambda delete-event-source-mapping --uuid 00000000-0000-4000-8000-000000000000"}]}"#,
    r#"{"version": 1, "id": "large", "until": 40000, "stream": {},
        "producers": [{"type": "rate", "recordsPerSecond": 1, "stopAt": 12000, "size": {"min": 1000000, "max": 1000000}}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 900}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
          "StartingPosition": "TRIM_HORIZON", "MaximumBatchingWindowInSeconds": 10}]}"#,
    r#"{"version": 1, "id": "failing", "until": 100000, "stream": {},
        "producers": [{"type": "rounds", "partitionKeys": ["a", "b"], "rounds": 6, "period": 10}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"perRecord": 1, "rules": [
            {"when": {"record": 3}, "then": "throw"}, {"when": {"record": 9}, "then": "report"}, {"when": {"record": 10}, "then": "report"}]}}}},
          {"FunctionName": "g", "versions": {"1": {"handler": {"respond": {"batchItemFailures": [{"itemIdentifier": ""}]}}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
          "StartingPosition": "TRIM_HORIZON", "BisectBatchOnFunctionError": true, "MaximumRetryAttempts": 2,
          "FunctionResponseTypes": ["ReportBatchItemFailures"], "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:s3:::failed"}}},
         {"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "g",
          "StartingPosition": "TRIM_HORIZON", "BatchSize": 5, "ParallelizationFactor": 2, "MaximumRecordAgeInSeconds": 60,
          "FunctionResponseTypes": ["ReportBatchItemFailures"], "DestinationConfig": {"OnFailure": {"Destination": "arn:aws:sqs:us-east-1:123456789012:failed"}}}],
        "commands": [{"at": 2000, "fault": "destinationFailure", "destination": "arn:aws:s3:::failed"},
          {"at": 90000, "redrive": {"document": 0}}, {"at": 90000, "redrive": {"document": 4294967294}}]}"#,
    r#"{"version": 1, "id": "changing", "until": 90000000, "stream": {},
        "producers": [
          {"type": "records", "records": [{"at": 0, "PartitionKey": "a"}, {"at": 10, "PartitionKey": "a"}]},
          {"type": "records", "onThrottle": "drop", "records": [{"at": 89999000, "PartitionKey": "b"}]}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {"rules": [{"when": {"record": 0}, "then": "throw"}]}}}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "FunctionName": "f",
          "StartingPosition": "TRIM_HORIZON", "MaximumBatchingWindowInSeconds": 60}],
        "commands": [
          {"at": 0, "service": "kinesis", "operation": "CreateStream", "request": {"StreamName": "o", "ShardCount": 2}},
          {"at": 1000, "service": "kinesis", "operation": "UpdateStreamMode", "request":
            {"StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "StreamModeDetails": {"StreamMode": "ON_DEMAND"}}},
          {"at": 40000, "service": "kinesis", "operation": "UpdateStreamMode", "request":
            {"StreamARN": "arn:aws:kinesis:us-east-1:123456789012:stream/s", "StreamModeDetails": {"StreamMode": "PROVISIONED"}}},
          {"at": 40000, "service": "kinesis", "operation": "PutRecord", "request": {"StreamName": "o", "PartitionKey": "a", "Data": "eA=="}},
          {"at": 40000, "service": "kinesis", "operation": "MergeShards", "request":
            {"StreamName": "o", "ShardToMerge": "shardId-000000000000", "AdjacentShardToMerge": "shardId-000000000001"}},
          {"at": 80000, "service": "kinesis", "operation": "SplitShard", "request":
            {"StreamName": "s", "ShardToSplit": "shardId-000000000000", "NewStartingHashKey": "170141183460469231731687303715884105728"}},
          {"at": 89998000, "service": "kinesis", "operation": "DeleteStream", "request": {"StreamName": "s"}}]}"#,
    r#"{"version": 1, "id": "again", "until": 80000, "stream": {},
        "producers": [{"type": "records", "onThrottle": "drop", "records": [
            {"at": 70000, "PartitionKey": "a", "size": 1048576}, {"at": 70000, "PartitionKey": "b", "size": 1048576}]}],
        "commands": [
          {"at": 0, "service": "kinesis", "operation": "DeleteStream", "request": {"StreamName": "s"}},
          {"at": 30000, "service": "kinesis", "operation": "CreateStream", "request": {"StreamName": "s", "ShardCount": 1}}]}"#,
    r#"{"version": 1, "id": "deployed", "until": 30000, "stream": {},
        "producers": [{"type": "rate", "recordsPerSecond": 20, "stopAt": 20000}],
        "functions": [{"FunctionName": "f", "versions": {"1": {"handler": {}}, "2": {"handler": {}}, "3": {"handler": {}}},
          "alias": {"Name": "live", "FunctionVersion": "1"}}],
        "eventSourceMappings": [{"EventSourceArn": "arn:aws:kinesis:us-east-1:123456789012:stream/s",
          "FunctionName": "f:live", "StartingPosition": "TRIM_HORIZON", "BatchSize": 5}],
        "commands": [
          {"at": 1000, "cli": "aws lambda publish-version --function-name f"},
          {"at": 1000, "cli": "aws lambda update-alias --function-name f --name live --routing-config AdditionalVersionWeights={2=0.25}"},
          {"at": 11000, "service": "lambda", "operation": "CreateAlias", "request":
            {"FunctionName": "f", "Name": "next", "FunctionVersion": "$LATEST"}},
          {"at": 12000, "service": "lambda", "operation": "UpdateAlias", "request":
            {"FunctionName": "f", "Name": "live", "FunctionVersion": "3", "RoutingConfig": {}}}]}"#,
];
