r"""Customer segments as a library: checked, counted, explained, portable.

>>> import cvm, pathlib, tempfile
>>> path = pathlib.Path(tempfile.mkdtemp()) / "customers.csv"
>>> _ = path.write_text("id,age,city\n1,34,Paris\n2,,Lyon\n3,61,Paris\n")
>>> engine = cvm.Engine()
>>> engine.load_customers(path)
<cvm.LoadReport: 3 rows>
>>> engine.count("city = 'Paris' and not (age > 40)")
1
"""

from cvm._cvm import (
    Engine,
    Explanation,
    Filter,
    Live,
    LoadReport,
    Matcher,
    Optimized,
    Query,
    Relation,
    Rows,
    __version__,
    disjoint,
    equivalent,
    implies,
)
from cvm.errors import (
    CvmError,
    DataError,
    EngineError,
    FilterError,
    MemoryBudgetError,
    NotSupportedError,
    OptionError,
    SourceError,
    SourceNotFoundError,
    UnknownCustomerError,
)
from cvm.types import Diagnostic, FilterLike, Source

__all__ = [
    "CvmError",
    "DataError",
    "Diagnostic",
    "Engine",
    "EngineError",
    "Explanation",
    "Filter",
    "FilterError",
    "FilterLike",
    "Live",
    "LoadReport",
    "Matcher",
    "MemoryBudgetError",
    "NotSupportedError",
    "Optimized",
    "OptionError",
    "Query",
    "Relation",
    "Rows",
    "Source",
    "SourceError",
    "SourceNotFoundError",
    "UnknownCustomerError",
    "__version__",
    "disjoint",
    "equivalent",
    "implies",
]
