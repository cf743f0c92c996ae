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
    Journeys,
    Live,
    LoadReport,
    Matcher,
    Optimized,
    Query,
    Relation,
    Rows,
    Simulation,
    __version__,
    disjoint,
    edit_journey,
    equivalent,
    implies,
    journey_from_react_flow,
    journey_schema,
    journey_svg,
    journey_to_react_flow,
)
from cvm.errors import (
    CvmError,
    DataError,
    EngineError,
    FilterError,
    JourneyError,
    JourneyFolderError,
    MemoryBudgetError,
    NotSupportedError,
    OptionError,
    SourceError,
    SourceNotFoundError,
    UnknownCustomerError,
)
from cvm.types import Diagnostic, FilterLike, JourneyLike, Source

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
    "JourneyError",
    "JourneyFolderError",
    "JourneyLike",
    "Journeys",
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
    "Simulation",
    "Source",
    "SourceError",
    "SourceNotFoundError",
    "UnknownCustomerError",
    "__version__",
    "disjoint",
    "edit_journey",
    "equivalent",
    "implies",
    "journey_from_react_flow",
    "journey_schema",
    "journey_svg",
    "journey_to_react_flow",
]
