//! Room in memory, made ahead.
//!
//! WebAssembly memory grows in steps that are dear whatever their size: 0.5 ms each in Node 20. The allocator takes
//! as small a step as will do, hundreds of them in a long run. So whenever memory has grown, room for a part of its
//! size is taken and given back at once: one step, and what the allocator holds it takes from later.
//!
//! Natively there is nothing to do, and nothing is done.

/// Looks whether memory has grown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Room {
    /// Pages of memory when it was looked at last.
    #[cfg(target_arch = "wasm32")]
    pages: usize,
}

#[cfg(not(target_arch = "wasm32"))]
impl Room {
    /// Makes room if memory has grown since the last look.
    pub fn look(&mut self) {}
}

#[cfg(target_arch = "wasm32")]
impl Room {
    /// Makes room if memory has grown since the last look.
    #[inline]
    pub fn look(&mut self) {
        if core::arch::wasm32::memory_size::<0>() != self.pages {
            self.make();
        }
    }

    #[cold]
    fn make(&mut self) {
        const PAGE_BYTES: usize = 1 << 16;
        /// A part of memory that is taken ahead, and its bounds in pages: 4 MiB and 64 MiB.
        const PART: usize = 4;
        const PAGES_MIN: usize = 64;
        const PAGES_MAX: usize = 1024;
        let ahead = (core::arch::wasm32::memory_size::<0>() / PART).clamp(PAGES_MIN, PAGES_MAX);
        let mut room = Vec::<u8>::new();
        // Where there is no such room there is less to be had: what is needed may still fit.
        let _ = std::hint::black_box(&mut room).try_reserve_exact(ahead * PAGE_BYTES);
        drop(std::hint::black_box(room));
        self.pages = core::arch::wasm32::memory_size::<0>();
    }
}
