"""Full mode: every record of a source, in one stream and bounded memory.

A reader yields pieces; two or more threads turn pieces into small parts; the parts are merged in
the order of the records. What a part holds does not grow with the file.
"""
