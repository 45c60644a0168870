//! Article A's tables: the rows that two versions wrote around a deploy.
//!
//! Source: "Lambda deploy while Kinesis receives data" (Japanese article, 2020-11). The figures are the author's;
//! `tests/article_table.rs` compares them with the transcription in `tests/fixtures`. Times count from the first row
//! of each excerpt: when the alias was moved is not known.

/// One of the article's tables.
#[derive(Debug, PartialEq, Eq)]
pub struct DeployTable {
    /// The shipped scenario that plays it.
    pub scenario: &'static str,
    /// Its rows, oldest first.
    pub rows: &'static [DeployRow],
}

/// A row of the article: a record, and which version wrote it when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeployRow {
    /// Milliseconds from the first row.
    pub at_ms: u32,
    /// Number of the partition key: 1 is `test-01`, which the article writes `t01`.
    pub key: u32,
    /// The record's number within its key.
    pub number: u32,
    /// The version: 1 before the deploy, 2 after it.
    pub version: u32,
}

impl DeployRow {
    /// The record as the article writes it: `t01-0246`.
    #[must_use]
    pub fn id(&self) -> String {
        format!("t{:02}-{:04}", self.key, self.number)
    }
}

const fn row(at_ms: u32, key: u32, number: u32, version: u32) -> DeployRow {
    DeployRow { at_ms, key, number, version }
}

/// The tables of one shard and of two.
pub const TABLES: [DeployTable; 2] = [
    DeployTable {
        scenario: "deploy-1-shard",
        rows: &[
            row(0, 3, 96, 1),
            row(100, 2, 184, 1),
            row(120, 1, 246, 1),
            row(203, 3, 97, 1),
            row(2041, 2, 185, 2),
            row(2270, 1, 247, 2),
            row(3116, 3, 98, 1),
            row(3331, 2, 186, 1),
            row(3430, 1, 248, 2),
            row(3483, 3, 99, 2),
            row(3581, 2, 187, 1),
            row(3636, 1, 249, 1),
            row(3700, 3, 100, 1),
            row(3732, 2, 188, 1),
            row(3843, 1, 250, 2),
            row(3901, 3, 101, 2),
            row(4001, 2, 189, 2),
            row(4041, 1, 251, 2),
            row(4141, 3, 102, 2),
            row(4191, 2, 190, 2),
            row(4281, 1, 252, 2),
            row(4321, 3, 103, 2),
            row(4384, 2, 191, 1),
            row(4432, 1, 253, 1),
            row(4503, 3, 104, 2),
            row(4561, 2, 192, 2),
            row(4651, 1, 254, 1),
            row(4692, 3, 105, 1),
            row(4771, 2, 193, 2),
            row(4821, 1, 255, 2),
            row(4922, 3, 106, 2),
            row(4961, 2, 194, 2),
            row(5045, 1, 256, 1),
            row(5092, 3, 107, 1),
            row(5178, 2, 195, 2),
            row(5241, 1, 257, 2),
            row(5323, 3, 108, 2),
            row(5381, 2, 196, 2),
            row(5461, 1, 258, 2),
            row(5520, 3, 109, 2),
            row(5605, 2, 197, 1),
            row(5702, 1, 259, 2),
            row(5741, 3, 110, 2),
            row(5848, 2, 198, 2),
            row(5903, 1, 260, 2),
            row(6004, 3, 111, 2),
            row(6061, 2, 199, 2),
        ],
    },
    DeployTable {
        scenario: "deploy-2-shards",
        rows: &[
            row(0, 3, 128, 1),
            row(9, 1, 235, 1),
            row(720, 2, 201, 1),
            row(761, 2, 202, 1),
            row(1366, 3, 129, 2),
            row(1424, 2, 203, 2),
            row(1590, 1, 236, 2),
            row(1685, 3, 130, 2),
            row(1694, 1, 237, 2),
            row(2331, 2, 204, 1),
            row(2496, 3, 131, 1),
            row(2559, 2, 205, 1),
            row(2712, 2, 206, 2),
            row(2755, 1, 238, 1),
            row(2819, 3, 132, 1),
            row(2850, 2, 207, 1),
            row(2898, 2, 208, 1),
            row(2910, 1, 239, 1),
            row(2957, 2, 209, 1),
            row(2991, 2, 210, 1),
            row(2998, 3, 133, 2),
            row(3026, 1, 240, 2),
            row(3091, 3, 134, 1),
            row(3131, 1, 241, 1),
            row(3740, 2, 211, 2),
            row(3745, 3, 135, 2),
            row(3786, 2, 212, 2),
            row(3803, 1, 242, 2),
            row(3871, 2, 213, 1),
            row(3903, 3, 136, 2),
            row(3943, 1, 243, 2),
            row(4045, 3, 137, 1),
            row(4091, 1, 244, 1),
            row(4169, 3, 138, 2),
            row(4223, 1, 245, 2),
            row(4303, 1, 246, 2),
            row(4383, 3, 139, 2),
            row(4444, 3, 140, 1),
            row(4491, 1, 247, 1),
            row(4571, 3, 141, 2),
            row(4603, 1, 248, 2),
            row(4753, 2, 214, 2),
            row(4757, 3, 142, 2),
            row(4786, 1, 249, 2),
        ],
    },
];
